import type { Rule, Touch } from '../shared/types.ts';

/** A page view, as plain values. */
export interface Visit {
  url: string;
  /** `document.referrer`, or '' for none. */
  referrer: string;
  /** Time in milliseconds since 1970. */
  at: number;
  /** A reload, or a step back or forward through the history. */
  isReload?: boolean | undefined;
  /**
   * The host that this tab was sent to less than a session ago, if any. On the site itself it is an address that
   * never became a page view. Such an address, like `/auth/github`, redirects on.
   */
  departedTo?: string | undefined;
}

/** The visitor's touches, as remembered between pages. */
export interface Attribution {
  /** The first touch that has data. */
  first?: Touch | undefined;
  /** The latest one. Absent while it is the first. */
  last?: Touch | undefined;
  /** Number of touches so far. */
  count: number;
  /** Time of the last activity. 0: none yet. */
  lastActivityAt: number;
  /** Time of the touch that was announced for a visitor not identified yet. */
  announced?: number | undefined;
  /** Time of the touch that reached the server with the user. It need not be sent again. */
  delivered?: number | undefined;
}

/** The site and its settings, as far as the rules need them. */
export interface AttributionRules {
  /** The site's registrable domain. */
  site: string;
  excludeReferrers: readonly string[];
  includeAttribution: boolean;
  clickIds: boolean;
  /** Minutes. */
  sessionTimeout: number;
  /** Days. */
  campaignMaxAge: number;
}

export const NO_TOUCHES: Attribution = { count: 0, lastActivityAt: 0 };

export const MINUTE = 60_000;
export const DAY = 1440 * MINUTE;

/** Rows of the decision table, each with its condition. The first row that applies decides. */
export const RULES = {
  revisit: 'a reload or history step',
  repeated: 'an own page that hands on the latest campaign',
  campaign: 'campaign parameters, or the click id of an ad, in the URL',
  direct: 'no referrer',
  internal: 'a referrer on the same site',
  intermediary: 'a sign-in, payment or excluded host, or a URL that says so',
  'round-trip': 'back from where this tab was sent',
  'same-session': 'a referrer from elsewhere within the session',
  referral: 'a referrer from elsewhere',
} as const satisfies Record<Rule, string>;
