import { readParameters } from '../campaign/parameters.ts';
import type { Feature } from '../client/feature.ts';
import type { Complete, Settings } from '../options/options.ts';

export interface CampaignFilterOptions {
  /** Ignores UTM parameters in attribution. Default false. */
  disableUtm?: boolean | undefined;
  /** Ignores the referrer in attribution. Default false. */
  disableReferrer?: boolean | undefined;
  /** Ignores the gclid in attribution. Default false. */
  disableGclid?: boolean | undefined;
}

const CAMPAIGN_FILTER_DEFAULTS: Complete<CampaignFilterOptions> = {
  disableUtm: false,
  disableReferrer: false,
  disableGclid: false,
};

/** Lists the names that a pair of a query has as part of the campaign: one, or none. */
const namesIn = (pair: string): string[] => {
  const { campaign, clickIds } = readParameters(`?${pair}`);
  return Object.keys({ ...campaign, ...clickIds });
};

/** Removes these pairs from the URL's query, and from the query in its hash. All else stays byte for byte. */
function withoutPairs(url: string, isOut: (pair: string) => boolean): string {
  const [, head = '', query, hash] = url.match(/^([^?#]*)(?:\?([^#]*))?(?:#(.*))?/s) ?? [];
  const strip = (text: string) =>
    text
      .split('&')
      .filter(pair => !isOut(pair))
      .join('&');
  const [, route = '', routed = ''] = hash?.match(/^([^?]*\?)?(.*)/s) ?? [];
  return (
    head +
    (query === undefined ? '' : `?${strip(query)}`) +
    (hash === undefined ? '' : `#${route}${strip(routed)}`)
  );
}

type Disabled = Pick<Complete<CampaignFilterOptions>, 'disableUtm' | 'disableGclid'>;

const isDisabled = (name: string, { disableUtm, disableGclid }: Disabled) =>
  (disableUtm && name.startsWith('utm_')) || (disableGclid && name === 'gclid');

/**
 * Makes the page's address for an action, without credentials and hash. Of the query it has only what is taken for a
 * campaign's field, each pair byte for byte. With `keepQuery` it has the whole query.
 */
export function actionUri(url: string, settings: Disabled & { keepQuery: boolean }): string {
  const [, head = '', query = ''] = url.match(/^([^?#]*)(?:\?([^#]*))?/s) ?? [];
  const isKept = (pair: string) =>
    Object.keys(readParameters(`?${pair}`).campaign).some(name => !isDisabled(name, settings));
  const kept = settings.keepQuery ? query : query.split('&').filter(isKept).join('&');
  const address = head.replace(/^(\w+:\/\/)[^/]*@/, '$1');
  return kept ? `${address}?${kept}` : address;
}

/** Keeps what the site has disabled out of attribution. */
export const campaignFilters: Feature<Settings & Complete<CampaignFilterOptions>> = {
  defaults: CAMPAIGN_FILTER_DEFAULTS,
  create: ({ context }) => ({
    toVisit(visit) {
      const settings = context()?.settings ?? CAMPAIGN_FILTER_DEFAULTS;
      const isOut = (pair: string) => namesIn(pair).some(name => isDisabled(name, settings));
      return {
        ...visit,
        url: settings.disableUtm || settings.disableGclid ? withoutPairs(visit.url, isOut) : visit.url,
        referrer: settings.disableReferrer ? '' : visit.referrer,
      };
    },
  }),
};
