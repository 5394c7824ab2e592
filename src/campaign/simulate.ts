import { normalizeOptions, type Options } from '../options/options.ts';
import type { Touch } from '../shared/types.ts';
import { attribute, type Decision } from './attribution.ts';
import { selectCampaign, type WireCampaign, withoutExpired } from './payload.ts';
import { isWithin, readAddress } from './referrer.ts';
import { NO_TOUCHES, type Visit } from './rules.ts';

export type { Decision, WireCampaign };

/** A visit to be simulated. */
export interface SimulatedVisit {
  url: string;
  /** The referrer, as `document.referrer` has it. Default: none. */
  referrer?: string | undefined;
  /** Time in milliseconds since 1970. Default: an hour after the visit before. */
  at?: number | undefined;
  /** A reload, or a step back or forward through the history. */
  isReload?: boolean | undefined;
  /**
   * The host that the tab had been sent to, for a round trip. On the site itself it is an address that was no page
   * view and redirected on, such as a sign-in route (`/auth/github`).
   */
  departedTo?: string | undefined;
}

/** The options that attribution depends on, and the site. */
export interface SimulationOptions
  extends Pick<
    Options,
    | 'attribution'
    | 'sessionTimeout'
    | 'campaignMaxAge'
    | 'excludeReferrers'
    | 'includeAttribution'
    | 'clickIds'
  > {
  /** The site's registrable domain, which a browser finds by itself. Default: the domain that the visits' hosts share. */
  site?: string | undefined;
}

export interface Simulation {
  /** The campaign that an `identifyUser` after the last visit would send. */
  campaign?: WireCampaign;
  first?: Touch;
  last?: Touch;
  /** One decision for each visit. */
  decisions: Decision[];
}

const HOUR = 60 * 60_000;

/**
 * Runs the attribution rules over the visits of one visitor, without a browser. Pure. A test can check with it what
 * your own links, sign-in pages and options lead to.
 *
 * @param visits The visits in their order. Without a time, one is an hour after the one before.
 * @param options Those that attribution depends on, and the site's registrable domain.
 * @returns The campaign that an identify after the last visit would send, the touches, and a decision for each visit.
 * @throws TypeError with a sentence that tells the fix: an option is wrong.
 */
export function simulateVisits(
  visits: readonly SimulatedVisit[],
  { site = commonDomain(visits), ...options }: SimulationOptions = {},
): Simulation {
  const settings = normalizeOptions({ applicationId: 'simulation', ...options });
  let touches = NO_TOUCHES;
  let at = 0;
  const decisions: Decision[] = [];
  for (const { url, referrer = '', at: given, isReload, departedTo } of visits) {
    at = given ?? at + HOUR;
    const visit: Visit = { url, referrer, at, isReload, departedTo };
    const { attribution, decision } = attribute(touches, visit, { ...settings, site });
    touches = attribution;
    decisions.push(decision);
  }
  const fresh = withoutExpired(touches, at, settings.campaignMaxAge);
  const { first, last = first } = fresh;
  const sending = selectCampaign(fresh, settings.attribution);
  return {
    ...(sending && { campaign: sending.campaign }),
    ...(first && { first }),
    ...(last && { last }),
    decisions,
  };
}

/** Returns the domain that all visits' hosts lie in. Where it would be a single label, it is the first visit's host. */
function commonDomain(visits: readonly SimulatedVisit[]): string {
  const hosts = visits.map(({ url }) => readAddress(url)?.fields.referring_domain ?? '');
  const first = (hosts[0] ?? '').replace(/^www\./, '');
  let common = first;
  while (common && !hosts.every(host => isWithin(host, common))) common = common.replace(/^[^.]*\.?/, '');
  return common.includes('.') ? common : first;
}
