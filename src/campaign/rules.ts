import type { Rule, Touch } from '../types.ts';
import { type Parameters, readParameters } from './parameters.ts';
import { type Address, isExcluded, isWithin, readAddress } from './referrer.ts';

/** A page view, as plain values. */
export interface Visit {
  url: string;
  /** `document.referrer`, or '' for none. */
  referrer: string;
  /** Time in milliseconds since 1970. */
  at: number;
  /** A reload, or a step back or forward through the history. */
  revisit?: boolean | undefined;
  /**
   * The host that this tab was sent to less than a session ago, if any. The site's own: an address of it that never
   * became a page view, such as `/auth/github`, which redirects on.
   */
  away?: string | undefined;
}

/** What is remembered of a visitor's touches between pages. */
export interface Attribution {
  /** The first touch that has data. */
  first?: Touch | undefined;
  /** The latest one. Absent while it is the first. */
  last?: Touch | undefined;
  /** Touches so far. */
  count: number;
  /** Time of the last activity. 0: none yet. */
  seen: number;
  /** Time of the touch that was announced for the visitor not yet identified. */
  announced?: number | undefined;
  /** Time of the touch that reached the server with the user: it need not travel again. */
  delivered?: number | undefined;
}

/** What the rules need to know of the site and its settings. */
export interface AttributionRules {
  /** The site's registrable domain. */
  site: string;
  excludeReferrers: readonly string[];
  includeAttribution: boolean;
  /** Minutes. */
  sessionTimeout: number;
  /** Days. */
  campaignMaxAge: number;
}

export const NO_TOUCHES: Attribution = { count: 0, seen: 0 };

const MINUTE = 60_000;
export const DAY = 1440 * MINUTE;

/** The decision table's rows, and when each applies: the first that does decides. */
export const RULES = {
  revisit: 'a reload or a step through the history',
  repeated: 'an own page that hands on parameters of the latest touch',
  campaign: 'campaign parameters, or the click id of an ad, in the URL',
  direct: 'no referrer',
  internal: 'a referrer on the same registrable domain',
  intermediary: 'a sign-in, payment or excluded host, or a URL that says so',
  'round-trip': 'back from where this tab was sent to',
  'same-session': 'a referrer from elsewhere within the session',
  referral: 'a referrer from elsewhere',
} as const satisfies Record<Rule, string>;

/** By which a page says of itself that it was returned to: of Google Analytics, and of Matomo. */
const RETURN = /[?&;](utm_nooverride|ignore_referr?er)=(1|true)(?![^&#])/i;

/** What the rules make of a visit. */
export interface Ruling {
  /** The row of the decision table that applies. */
  rule: Rule;
  page: Address | undefined;
  referrer: Address | undefined;
  /** What its URL says. */
  read: Parameters;
  /** What counts: that, or what the URL of the page before says. */
  counting: Parameters;
  /** Whether the referrer is a page of the site. */
  isOwn: boolean;
  /** Whether the referrer says where the visitor came from. */
  isOrigin: boolean;
}

/** Finds the row that applies to a visit. Pure, and total: no input throws. */
export function applyRules(
  { first, last = first, seen }: Attribution,
  visit: Visit,
  rules: AttributionRules,
): Ruling {
  const { at, url, away = '' } = visit;
  const read = readParameters(url);
  const referrer = readAddress(visit.referrer);
  const host = referrer?.fields.referring_domain ?? '';
  const isOwn = isWithin(host, rules.site);
  /** Whether a page of ours has sent the tab to an address of the site. */
  const isSentOn = isWithin(away, rules.site);
  // A time in the future is of a clock that was wrong: it counts as now.
  const isInSession = seen > 0 && at - seen <= rules.sessionTimeout * MINUTE;
  const known: Record<string, unknown> = { ...last?.clickIds, ...last?.campaign };
  /** Whether it says nothing that the latest touch has not, as far as touches keep it. */
  const isRepeated = ({ campaign, clickIds }: Parameters) =>
    last &&
    Object.entries({ ...campaign, ...(rules.includeAttribution && clickIds) }).every(
      ([key, value]) => known[key] === value,
    );
  const [, says = ''] = RETURN.exec(url) ?? [];

  // The page before sent the visitor on, asked for consent or has no script: its address tells what it would have.
  const before =
    isOwn && !isSentOn && !isInSession && !isCampaign(read) ? readParameters(visit.referrer) : read;
  const isMissed = before !== read && isCampaign(before) && !isRepeated(before);

  const table: Record<Rule, unknown> = {
    // A reload or history step never overwrites; somebody never seen has nothing that could be.
    revisit: seen && visit.revisit,
    repeated: isOwn && !isMissed && read.found && isRepeated(read),
    campaign: isMissed || (isCampaign(read) && !(/^u/i.test(says) && last)),
    direct: !referrer && (!read.found || isCampaign(read)),
    internal: isOwn,
    intermediary: says || (referrer && isExcluded(referrer, rules.excludeReferrers)),
    // An own address that it was sent to, and which never was a page view, has sent it on.
    'round-trip': referrer && (isSentOn || isWithin(host, away)),
    'same-session': isInSession,
    referral: true,
  };
  return {
    rule: (Object.keys(RULES) as Rule[]).find(row => table[row]) as Rule,
    page: readAddress(url),
    referrer,
    read,
    counting: isMissed ? before : read,
    isOwn,
    isOrigin: !isOwn && !table.intermediary && !table['round-trip'],
  };
}

/** Whether there is more than a click id that is on every link of its platform, and so says no more than a referrer. */
const isCampaign = ({ found }: Parameters): boolean => /(^|&)(?!fbclid=)./.test(found);
