import type { Campaign, Rule, Touch } from '../shared/types.ts';
import {
  type ParameterIssue,
  type ParameterIssueCode,
  type Parameters,
  readParameters,
} from './parameters.ts';
import { withoutExpired } from './payload.ts';
import { isExcluded, isWithin, readAddress } from './referrer.ts';
import { type Attribution, type AttributionRules, MINUTE, RULES, type Visit } from './rules.ts';

/** The decision on one visit, with its reasons. Its input has been through the hygiene rules. */
export interface Decision {
  /** Time of the visit in milliseconds since 1970. */
  at: number;
  /** Address of the page, without credentials, query and fragment. */
  url: string;
  /** The referrer in the same form; '' for none. */
  referrer: string;
  /** The row of the decision table that applied. */
  rule: Rule;
  outcome: 'new touch' | 'kept';
  /** The condition of that row, in words. */
  reason: string;
  /** Values that were changed or dropped on reading, and why. */
  issues: ParameterIssue[];
  /** The campaign of the new touch. */
  campaign?: Campaign;
}

/** The parameter by which a page marks itself as returned to: of Google Analytics, and of Matomo. */
const RETURN = /[?&;](utm_nooverride|ignore_referr?er)=(1|true)(?![^&#])/i;

/**
 * Checks whether there is more than a click id that its platform puts on every link. Such an id means no more than a
 * referrer.
 */
const isCampaign = ({ campaignKey }: Parameters): boolean => /(^|&)(?!fbclid=)./.test(campaignKey);

/** Checks whether touches keep their click ids and landing path. Without a use for them they are no data. */
const keepsClickIds = ({ includeAttribution, clickIds }: AttributionRules) => includeAttribution || clickIds;

/** Checks whether the touch has all that the parameters have. Click ids count as far as touches keep them. */
function repeats({ campaign, clickIds }: Parameters, touch: Touch, rules: AttributionRules): boolean {
  const recorded: Record<string, unknown> = { ...touch.clickIds, ...touch.campaign };
  const given = { ...campaign, ...(keepsClickIds(rules) && clickIds) };
  return Object.entries(given).every(([key, value]) => recorded[key] === value);
}

/** Returns the touches with a further one. */
function addTouch(previous: Attribution, touch: Touch, { campaignMaxAge }: AttributionRules) {
  // A touch may seem too old today by a wrong clock: only a third touch takes its place.
  const first = withoutExpired(previous, touch.at, campaignMaxAge).first ?? previous.first;
  return { count: previous.count + 1, first: first ?? touch, last: first && touch };
}

/**
 * Attributes one visit. Returns the attribution after it, the decision, and the key of the campaign in its URL. Pure and
 * total: no input throws, and the given attribution is not changed.
 */
export function attribute(previous: Attribution, visit: Visit, rules: AttributionRules) {
  const { at, url, departedTo = '' } = visit;
  const { first, last = first, lastActivityAt } = previous;
  const page = readAddress(url);
  const referrer = readAddress(visit.referrer);
  const { referrer: address = '', referring_domain: host = '' }: Campaign = referrer?.fields ?? {};
  const isOwn = isWithin(host, rules.site);
  /** Whether a page of the site has sent the tab to an address of the site. */
  const isSentOn = isWithin(departedTo, rules.site);
  const isSeen = lastActivityAt || last; // The time may be lost before the touches are.
  // A time in the future was written by a wrong clock: it counts as now.
  const isInSession = lastActivityAt > 0 && at - lastActivityAt <= rules.sessionTimeout * MINUTE;
  const parameters = readParameters(url);
  // The page before sent the visitor on, or recorded nothing: its address has what it would have recorded.
  const missed = readParameters(
    isOwn && !isSentOn && !isInSession && !isCampaign(parameters) ? visit.referrer : '',
  );
  const isMissed = isCampaign(missed) && !(last && repeats(missed, last, rules));
  const [, returnMark = ''] = RETURN.exec(url) ?? [];
  const table: Record<Rule, unknown> = {
    // A reload or history step never overwrites. A visitor never seen has nothing to overwrite.
    revisit: isSeen && visit.isReload,
    repeated: isOwn && !isMissed && parameters.campaignKey && last && repeats(parameters, last, rules),
    campaign: isMissed || (isCampaign(parameters) && !(/^u/i.test(returnMark) && last)),
    direct: !referrer && (!parameters.campaignKey || isCampaign(parameters)),
    internal: isOwn,
    intermediary: returnMark || (referrer && isExcluded(referrer, rules.excludeReferrers)),
    // An own address that the tab was sent to, and that never was a page view, has sent it on.
    'round-trip': referrer && (isSentOn || isWithin(host, departedTo)),
    'same-session': isInSession,
    referral: true,
  };
  const rule = (Object.keys(RULES) as Rule[]).find(row => table[row]) as Rule;
  const { campaign: tags, clickIds } = isMissed ? missed : parameters;
  const isOrigin = !isOwn && !table.intermediary && !table['round-trip'];
  const campaign: Campaign = { ...tags, ...(isOrigin && referrer?.fields) };
  const more = keepsClickIds(rules) && { path: (isMissed ? referrer : page)?.path, clickIds };
  const touch: Touch = { campaign, at, rule, ...more };
  const isNew = /campaign|referral/.test(rule) && Object.keys({ ...campaign, ...touch.clickIds })[0];
  const issues = [...parameters.issues, ...(referrer?.issues ?? [])];
  const addIssue = (code: ParameterIssueCode) => issues.push({ key: 'referrer', code });
  if (isOwn && !isSeen) addIssue('unrecorded-landing');
  if (isOwn && isNew) addIssue(isMissed ? 'from-referrer' : 'internal-campaign');
  const decision: Decision = {
    at,
    url: page?.fields.referrer ?? '',
    referrer: address,
    rule,
    outcome: isNew ? 'new touch' : 'kept',
    reason: RULES[rule],
    issues,
    ...(isNew && { campaign }),
  };
  return {
    campaignKey: parameters.campaignKey,
    attribution: { ...previous, lastActivityAt: at, ...(isNew && addTouch(previous, touch, rules)) },
    decision,
  };
}
