import type { Campaign, Rule, Touch } from '../types.ts';
import type { Note, NoteCode } from './parameters.ts';
import { withoutExpired } from './payload.ts';
import { type Attribution, type AttributionRules, applyRules, RULES, type Visit } from './rules.ts';

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
  const { rule, page, referrer, read, counting, isOwn, isOrigin } = applyRules(known, visit, rules);
  const isMissed = counting !== read;
  const campaign = { ...counting.campaign, ...(isOrigin && referrer?.fields) };
  const touch: Touch = { campaign, at, rule };
  if (rules.includeAttribution)
    Object.assign(touch, { path: (isMissed ? referrer : page)?.path, clickIds: counting.clickIds });
  // Without that option click ids have nowhere to travel: they are no data, and displace none.
  const isNew =
    Object.keys({ ...campaign, ...touch.clickIds }).length > 0 &&
    (rule === 'campaign' || rule === 'referral');
  // What is too old today may be so by a wrong clock: only a third touch takes its place.
  const first = withoutExpired(known, at, rules.campaignMaxAge).first ?? known.first;

  const notes = [...read.notes, ...(referrer?.notes ?? [])];
  const note = (isMet: unknown, code: NoteCode) => isMet && notes.push({ key: 'referrer', code });
  note(isOwn && !known.seen, 'unrecorded-landing');
  note(isMissed && isNew, 'from-referrer');
  note(isOwn && isNew && !isMissed, 'internal-campaign');
  return {
    found: read.found,
    attribution: {
      ...known,
      seen: at,
      ...(isNew && { count: known.count + 1, first: first ?? touch, last: first && touch }),
    },
    decision: {
      at,
      url: page?.fields.referrer ?? '',
      referrer: referrer?.fields.referrer ?? '',
      rule,
      outcome: isNew ? 'new touch' : 'kept',
      reason: RULES[rule],
      notes,
      ...(isNew && { campaign }),
    },
  };
}
