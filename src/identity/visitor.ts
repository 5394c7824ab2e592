import type { Page } from '../browser/page.ts';
import { attribute, type Decision } from '../campaign/attribution.ts';
import { selectCampaign, toAttributionMetadata, withoutExpired } from '../campaign/payload.ts';
import type { Attribution, Visit } from '../campaign/rules.ts';
import type { Settings } from '../options/options.ts';
import { toFingerprint } from '../shared/fingerprint.ts';
import { copyOf } from '../shared/json.ts';
import type { Campaign, Entry, Identity, JsonObject } from '../shared/types.ts';
import type { RecordStore } from '../storage/record-store.ts';
import { isConfirmed, toAttribution, toIdentity } from './records.ts';

/** Data of a user, as a call gives it. */
export interface UserFields {
  company_id?: string | undefined;
  session_token?: string | undefined;
  metadata?: JsonObject | undefined;
}

/** An update before it has an id. */
type Draft = Omit<Entry, 'id'>;

/** Makes an update in the Users API's shape, its fields in the documented order. */
const draft = (
  { userId, anonymousId, companyId }: Identity,
  { session_token, metadata }: UserFields,
  campaign: object | undefined,
  at: number,
): Draft => ({
  profile: userId ?? anonymousId,
  body: copyOf({
    user_id: userId,
    anonymous_id: anonymousId,
    company_id: companyId,
    session_token,
    campaign,
    metadata,
  }),
  at,
});

/**
 * Makes the visitor: their identity, and where they came from. The stored records count, and are read anew for each
 * call. Another tab may have changed them.
 */
export function createVisitor(
  records: RecordStore,
  { now, uuid }: Pick<Page, 'now' | 'uuid'>,
  settings: Settings,
) {
  const touches = () => toAttribution(records.load('campaign'));
  const saveTouches = (known: Partial<Attribution>, changes?: Partial<Attribution>) =>
    records.save('campaign', { ...known, ...changes });
  /** Selects the campaign that the user is given, and returns it with the touches that are not too old. */
  const select = () => {
    const fresh = withoutExpired(touches(), now(), settings.campaignMaxAge);
    return [selectCampaign(fresh, settings.attribution), fresh] as const;
  };
  const saveIdentity = (identity: Identity) => {
    records.save('id', identity);
    return identity;
  };
  const identity = (): Identity => {
    const known = toIdentity(records.load('id'));
    return known.anonymousId ? (known as Identity) : saveIdentity({ ...known, anonymousId: uuid() });
  };
  /** The visitor whom `reset` has forgotten on this page. */
  let left: { identity: Identity; touches: Attribution } | undefined;

  /**
   * Begins a new visitor, in place of one who was identified. The earlier one's campaign stays theirs. A campaign
   * that nobody was identified with is kept for whoever signs up. Returns whether there was anybody to forget.
   */
  const reset = (): boolean => {
    const before = identity();
    if (!before.userId && !before.companyId) return false;
    left = { identity: before, touches: touches() };
    saveIdentity({ anonymousId: uuid() });
    // A reload must not find the touches in the URL again.
    if (before.userId) saveTouches({ lastActivityAt: now() });
    return true;
  };

  return {
    identity,
    reset,

    campaign: (): Campaign | undefined =>
      selectCampaign({ first: select()[0]?.touch }, 'first')?.campaign as Campaign,

    /** Attributes a visit. Returns the decision, and what was found in its URL. */
    recordVisit(visit: Visit): { decision: Decision; campaignKey: string } {
      const { attribution, ...told } = attribute(touches(), visit, { ...settings, site: records.site() });
      saveTouches(attribution);
      saveIdentity(identity());
      return told;
    },

    /** Makes the announcement of a visitor not identified yet: once for each campaign, and never an empty one. */
    toAnonymousUpdate(): Draft | undefined {
      const [sending, { announced }] = select();
      if (!sending || announced === sending.touch.at) return undefined;
      const who = identity();
      if (who.userId) return undefined;
      saveTouches(touches(), { announced: sending.touch.at });
      return draft(who, {}, sending.campaign, now());
    },

    /**
     * Makes an update that says the visitor is `userId`. Another user than before has none of the earlier one's id,
     * company and campaign.
     */
    toUserUpdate(
      userId: string,
      { company_id, session_token, metadata }: UserFields = {},
      at = now(),
    ): Draft {
      // An auth library reports "nobody" before it reports a user: for the same user the reset is undone.
      if (left?.identity.userId === userId) {
        saveTouches(left.touches, { lastActivityAt: now() });
        saveIdentity(left.identity);
      }
      if ((identity().userId ?? userId) !== userId) reset();
      left = undefined;
      const before = identity();
      const after = { ...before, userId, companyId: company_id ?? before.companyId };
      if (after.userId !== before.userId || after.companyId !== before.companyId) saveIdentity(after);
      const [sending, fresh] = select();
      const attribution = settings.includeAttribution && toAttributionMetadata(fresh);
      const due = fresh.delivered === sending?.touch.at ? undefined : sending;
      const said = { session_token, metadata: attribution ? { ...metadata, attribution } : metadata };
      return { ...draft(after, said as UserFields, due?.campaign, at), touch: due?.touch.at };
    },

    /**
     * Checks whether the server has yet to hear this of the user. It has where this differs from the user's last
     * update, or that was not confirmed within 24 hours. Remembers this as the last update.
     */
    hasChanged({ body }: Pick<Entry, 'body'>): boolean {
      const who = identity();
      const said = toFingerprint(body);
      if (said === who.fingerprint && isConfirmed(who, now()) && !body.campaign) return false;
      if (said !== who.fingerprint) saveIdentity({ ...who, fingerprint: said, confirmed: undefined });
      return true;
    },

    /**
     * Marks what these entries carried as delivered: their campaigns, and their data of the user. It need not be sent
     * again.
     */
    markDelivered(entries: readonly Entry[]): void {
      for (const { touch, body } of entries) {
        const known = touches();
        if (touch && [known.first?.at, known.last?.at].includes(touch))
          saveTouches(known, { delivered: touch });
        const who = identity();
        if (who.fingerprint === toFingerprint(body)) saveIdentity({ ...who, confirmed: now() });
      }
    },
  };
}
