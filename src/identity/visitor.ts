import type { Page } from '../browser/page.ts';
import type { Decision } from '../campaign/attribution.ts';
import { selectCampaign } from '../campaign/payload.ts';
import type { Visit } from '../campaign/rules.ts';
import type { Settings } from '../options/options.ts';
import { toText } from '../shared/json.ts';
import type { Campaign, Entry, Identity, Touches } from '../shared/types.ts';
import type { RecordStore } from '../storage/record-store.ts';
import { loadIdentity, RENEWABLE, toIdentity } from './records.ts';
import { createReset } from './reset.ts';
import { createSentUpdates } from './sent-updates.ts';
import { attributeVisit, loadTouches, markTouchDelivered, STATE, saveState, selectFresh } from './touches.ts';
import { type Draft, type ToTouches, toDraft, toUserDraft, type UserFields } from './user-update.ts';

/** The visitor: their identity, and where they came from. */
export interface Visitor {
  identity(): Identity;
  campaign(): Campaign | undefined;
  /** Returns the touches that are not too old. */
  touches(): Touches;
  /** Attributes a visit. Returns the decision, and what was found in its URL. */
  recordVisit(visit: Visit): { decision: Decision; campaignKey: string };
  /** Checks whether there is something to announce. */
  hasNews(): boolean;
  /** Makes the announcement of a visitor not identified yet: once for each campaign, and never an empty one. */
  toAnonymousUpdate(): Draft | undefined;
  /**
   * Makes an update that says the visitor is `userId`. Another user than before has none of the earlier one's id,
   * company and campaign.
   */
  toUserUpdate(userId: string, fields?: UserFields, at?: number): Draft;
  /**
   * Checks whether the server has yet to hear this of the user. It has where this differs from the user's last
   * update, or that was not confirmed within 24 hours. Remembers this as the last update.
   */
  hasChanged(entry: Pick<Entry, 'body'>): boolean;
  /** Checks whether the server has confirmed an update that says who the visitor with that anonymous id is. */
  isIdentified(anonymousId: string): boolean;
  /**
   * Marks what these entries carried as delivered: their campaigns, and their data of the user. It need not be sent
   * again.
   */
  markDelivered(entries: readonly Entry[]): void;
  /**
   * Begins a new visitor, in place of one who was identified. The earlier one's campaign stays theirs. A campaign
   * that nobody was identified with is kept for whoever signs up. Returns whether there was anybody to forget.
   */
  reset(): boolean;
}

/** Time after which a visit renews the visitor's records, in milliseconds: a day. */
const RENEWED_AFTER = 24 * 60 * 60_000;

/** Saves the visitor's records as they are, so that they last from now on, if the last view was `milliseconds` ago. */
function renewAfter(records: RecordStore, milliseconds: number): void {
  // Once a day is enough, and each write costs the page. What a server keeps (`utmost/server`) would last shorter.
  if (Math.abs(milliseconds) <= RENEWED_AFTER || records.load('renewed')) return;
  for (const name of RENEWABLE) {
    const record = records.load(name);
    if (record) records.save(name, record);
  }
}

/**
 * Makes the visitor. The stored records count, and are read anew for each call. Another tab may have changed them.
 * `toTouches` keeps more touches than the first and the last. It runs after each new one, and returns those to be sent.
 */
export function createVisitor(
  records: RecordStore,
  { now, uuid }: Pick<Page, 'now' | 'uuid'>,
  settings: Settings,
  toTouches?: ToTouches,
): Visitor {
  const sentUpdates = createSentUpdates(records, STATE, now);
  const identity = () => loadIdentity(records, uuid);
  const select = () => selectFresh(records, now(), settings);
  const selectUnannounced = () => {
    const [selected, { announced }] = select();
    return announced === selected?.touch.at || identity().userId ? undefined : selected;
  };
  const { reset, become } = createReset(records, identity, now, uuid);
  return {
    identity,
    reset,
    touches() {
      const [, { first, last, count }] = select();
      return { first, last, count };
    },
    campaign: () => selectCampaign({ first: select()[0]?.touch }, 'first')?.campaign as Campaign,
    recordVisit(visit) {
      const touches = loadTouches(records);
      const result = attributeVisit(records, touches, visit, settings);
      // A visitor never seen is given an id.
      identity();
      if (result.decision.campaign) toTouches?.();
      renewAfter(records, visit.at - touches.lastActivityAt);
      return result;
    },
    hasNews: () => !!selectUnannounced(),
    toAnonymousUpdate() {
      const selected = selectUnannounced();
      if (!selected) return undefined;
      saveState(records, { announced: selected.touch.at });
      return toDraft(identity(), {}, selected.campaign, now());
    },
    toUserUpdate(userId, fields = {}, at = now()) {
      become(userId);
      const before = identity();
      const after = { ...before, userId, companyId: fields.company_id ?? before.companyId };
      if (toText(after) !== toText(before)) records.save('id', after);
      return toUserDraft(after, fields, ...select(), settings, at, toTouches?.());
    },
    hasChanged: ({ body }) => sentUpdates.hasChanged(body),
    isIdentified(id) {
      const { anonymousId, userId } = toIdentity(records.load('id'));
      return anonymousId === id && !!userId && !!records.load(STATE)?.confirmed;
    },
    markDelivered(entries) {
      for (const { touch, body } of entries) {
        markTouchDelivered(records, touch);
        sentUpdates.markDelivered(body);
      }
    },
  };
}
