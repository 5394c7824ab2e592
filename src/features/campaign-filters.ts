import type { Page } from '../browser/page.ts';
import { readParameters } from '../campaign/parameters.ts';
import type { Extras } from './options.ts';

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

type Disabled = Pick<Extras, 'disableUtm' | 'disableGclid'>;

const isDisabled = (name: string, { disableUtm, disableGclid }: Disabled) =>
  (disableUtm && name.startsWith('utm_')) || (disableGclid && name === 'gclid');

/** Makes a page that reports nothing of what the site has disabled. */
export function withoutDisabled(page: Page, extras: Disabled & Pick<Extras, 'disableReferrer'>): Page {
  const clean = (url: string) =>
    extras.disableUtm || extras.disableGclid
      ? withoutPairs(url, pair => namesIn(pair).some(name => isDisabled(name, extras)))
      : url;
  return {
    ...page,
    url: () => clean(page.url()),
    visit() {
      const visit = page.visit();
      return { ...visit, url: clean(visit.url), referrer: extras.disableReferrer ? '' : visit.referrer };
    },
  };
}

/**
 * Makes the page's address for an action, without credentials and hash. Of the query it has only what is taken for a
 * campaign's field, each pair byte for byte. With `keepQuery` it has the whole query.
 */
export function actionUri(url: string, extras: Disabled & Pick<Extras, 'keepQuery'>): string {
  const [, head = '', query = ''] = url.match(/^([^?#]*)(?:\?([^#]*))?/s) ?? [];
  const isKept = (pair: string) =>
    Object.keys(readParameters(`?${pair}`).campaign).some(name => !isDisabled(name, extras));
  const kept = extras.keepQuery ? query : query.split('&').filter(isKept).join('&');
  const address = head.replace(/^(\w+:\/\/)[^/]*@/, '$1');
  return kept ? `${address}?${kept}` : address;
}
