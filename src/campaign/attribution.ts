import type { Campaign, Touch } from '../types.ts';
import { CAMPAIGN_FIELDS, CLICK_IDS, type Note, readParameters } from './parameters.ts';
import { isExcluded, isWithin, readAddress } from './referrer.ts';

/** A page view, as plain values. */
export interface Visit {
  url: string;
  /** `document.referrer`, or '' for none. */
  referrer: string;
  /** Time in milliseconds since 1970. */
  at: number;
  /** A reload, or a step back or forward through the history. */
  revisit?: boolean | undefined;
  /** The host that this tab was sent to less than a session ago, if any. */
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
  announced?: number;
  /** Time of the touch that reached the server with the user: it need not travel again. */
  delivered?: number;
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
const DAY = 1440 * MINUTE;

/** The decision table's rows, and when each applies: the first that does decides. */
export const RULES = {
  revisit: 'a reload or a step through the history',
  campaign: 'campaign parameters in the URL',
  direct: 'no referrer',
  internal: 'a referrer on the same registrable domain',
  intermediary: 'a sign-in, payment or excluded host',
  'round-trip': 'back from the host this tab was sent to',
  'same-session': 'a referrer from elsewhere within the session',
  referral: 'a referrer from elsewhere',
} as const;

export type Rule = keyof typeof RULES;

/** Why a visit was attributed as it was. Its input has been through the hygiene rules. */
export interface Decision {
  /** Time of the visit in milliseconds since 1970. */
  at: number;
  /** Address of the page, without credentials, query and fragment. */
  url: string;
  /** The referrer, likewise; '' for none. */
  referrer: string;
  /** The row of the decision table that applied. */
  rule: Rule;
  outcome: 'new touch' | 'kept';
  /** When that row applies. */
  reason: string;
  /** Values that were changed or dropped on reading, and why. */
  notes: Note[];
  /** The campaign of the new touch. */
  campaign?: Campaign;
}

/**
 * Attributes one visit: what is known after it, why, and what was `found` in its URL. Pure, and total: no input throws.
 * The given attribution is not changed.
 */
export function attribute(
  known: Attribution,
  visit: Visit,
  rules: AttributionRules,
): { attribution: Attribution; decision: Decision; found: string } {
  const { at } = visit;
  const before = withoutExpired(known, at, rules.campaignMaxAge);
  const { found, campaign, clickIds, notes } = readParameters(visit.url);
  const page = readAddress(visit.url);
  const referrer = readAddress(visit.referrer);

  const table: Record<Rule, unknown> = {
    // A reload or history step never overwrites; somebody never seen has nothing that could be.
    revisit: before.seen && visit.revisit,
    campaign: found,
    direct: !referrer,
    internal: referrer && isWithin(referrer.fields.referring_domain, rules.site),
    intermediary: referrer && isExcluded(referrer, rules.excludeReferrers),
    'round-trip': referrer && visit.away && isWithin(referrer.fields.referring_domain, visit.away),
    'same-session': before.first && at - before.seen <= rules.sessionTimeout * MINUTE,
    referral: true,
  };
  const rule = (Object.keys(RULES) as Rule[]).find(row => table[row]) as Rule;

  const touch: Touch = { campaign, at, rule };
  if (!table.internal && !table.intermediary && !table['round-trip'])
    Object.assign(campaign, referrer?.fields);
  if (rules.includeAttribution) Object.assign(touch, { path: page?.path, clickIds });
  // Without that option click ids have nowhere to travel: they are no data, and displace none.
  const isNew =
    Object.keys({ ...campaign, ...touch.clickIds }).length > 0 &&
    (rule === 'campaign' || rule === 'referral');
  return {
    found,
    attribution: {
      ...before,
      seen: at,
      ...(isNew && { count: before.count + 1, [before.first ? 'last' : 'first']: touch }),
    },
    decision: {
      at,
      url: page?.fields.referrer ?? '',
      referrer: referrer?.fields.referrer ?? '',
      rule,
      outcome: isNew ? 'new touch' : 'kept',
      reason: RULES[rule],
      notes: [...notes, ...(referrer?.notes ?? [])],
      ...(isNew && { campaign }),
    },
  };
}

/** The attribution without touches further than `maxAge` days from `now`. */
export function withoutExpired(known: Attribution, now: number, maxAge: number): Attribution {
  const isFresh = (touch?: Touch) =>
    typeof touch?.at === 'number' && Math.abs(now - touch.at) <= maxAge * DAY;
  const [first, last] = [known.first, known.last].filter(isFresh);
  return { ...known, first, last };
}

/** A campaign as a request carries it: `null` clears the field on the server. */
export type WireCampaign = { [K in keyof Campaign]: string | null };

/** The touch a user is given under a model, and its campaign as it is sent; undefined where there is none. */
export function campaignToSend(
  { first, last = first }: Attribution,
  model: 'first' | 'last',
): { touch: Touch; campaign: WireCampaign } | undefined {
  const touch = model === 'last' ? last : first;
  const campaign: WireCampaign = {};
  for (const field of CAMPAIGN_FIELDS) {
    const value = touch?.campaign?.[field];
    // Any script on any subdomain can write the cookie this was read from.
    if (typeof value === 'string') campaign[field] = value;
    // The server merges recursively: only null takes an earlier campaign's field away.
    else if (model === 'last') campaign[field] = null;
  }
  return touch && Object.values(campaign).some(Boolean) ? { touch, campaign } : undefined;
}

/**
 * What `metadata.attribution` tells: the number of touches, the first and the last. Absent fields are `null`, so that
 * the server's recursive merge cannot blend two touches.
 */
export function tellAttribution({ first, last = first, count }: Attribution): object | undefined {
  const tell = ({ campaign, clickIds, at, rule, path }: Touch) => ({
    ...Object.fromEntries([...CAMPAIGN_FIELDS, ...CLICK_IDS].map(field => [field, null])),
    ...campaign,
    ...clickIds,
    time: new Date(at).toISOString(),
    rule,
    landing_path: path ?? null,
  });
  return first && last && { count, first: tell(first), last: tell(last) };
}
