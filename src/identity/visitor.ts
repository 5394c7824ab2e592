import type { Page } from '../browser/page.ts';
import { attribute, type Decision } from '../campaign/attribution.ts';
import { selectCampaign, toAttributionMetadata, withoutExpired } from '../campaign/payload.ts';
import type { Attribution, Visit } from '../campaign/rules.ts';
import type { Settings } from '../options/options.ts';
import { toFingerprint } from '../shared/fingerprint.ts';
import { copyOf } from '../shared/json.ts';
import type { Campaign, Entry, Identity, JsonObject } from '../shared/types.ts';
import type { Store } from '../storage/cookie-store.ts';
import { toAttribution, toIdentity, toNumber } from './records.ts';

/** What a call says of a user. */
export interface Said {
  company_id?: string | undefined;
  session_token?: string | undefined;
  metadata?: JsonObject | undefined;
}

/** An update as it is submitted. */
type Draft = Omit<Entry, 'id'>;

/** How long a confirmed update need not be said again, in milliseconds: 24 hours. */
const CONFIRMED_FOR = 24 * 60 * 60_000;

/** An update in the Users API's shape, its fields in the documented order. */
const draft = (
  { userId, anonymousId, companyId }: Identity,
  { session_token, metadata }: Said,
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
 * Who is at the browser and where they came from. What is stored is the truth, read anew for each call: another
 * tab may have changed it.
 */
export function createVisitor(store: Store, { now, uuid }: Pick<Page, 'now' | 'uuid'>, settings: Settings) {
  const touches = () => toAttribution(store.load('campaign'));
  const saveTouches = (known: Partial<Attribution>, changes?: Partial<Attribution>) =>
    store.save('campaign', { ...known, ...changes });
  /** The campaign that the user is given, and the touches that it is of: those that are not too old. */
  const select = () => {
    const fresh = withoutExpired(touches(), now(), settings.campaignMaxAge);
    return [selectCampaign(fresh, settings.attribution), fresh] as const;
  };
  const saveIdentity = (identity: Identity) => {
    store.save('id', identity);
    return identity;
  };
  const identity = (): Identity => {
    const known = toIdentity(store.load('id'));
    return known.anonymousId ? (known as Identity) : saveIdentity({ ...known, anonymousId: uuid() });
  };
  /** Whom `reset` has forgotten on this page. */
  let left: { identity: Identity; touches: Attribution } | undefined;

  /**
   * A new visitor, in place of one who was identified: what that one came by stays theirs. A campaign that nobody was
   * identified with is kept for whoever signs up. Returns whether there was somebody to forget.
   */
  const reset = (): boolean => {
    const before = identity();
    if (!before.userId && !before.companyId) return false;
    left = { identity: before, touches: touches() };
    saveIdentity({ anonymousId: uuid() });
    // A reload must not find the touches in the URL again.
    if (before.userId) saveTouches({ seen: now() });
    return true;
  };

  return {
    identity,
    reset,

    campaign: (): Campaign | undefined =>
      selectCampaign({ first: select()[0]?.touch }, 'first')?.campaign as Campaign,

    /** Attributes a visit, and tells what was found in its URL. */
    recordVisit(visit: Visit): { decision: Decision; found: string } {
      const { attribution, ...told } = attribute(touches(), visit, { ...settings, site: store.site() });
      saveTouches(attribution);
      saveIdentity(identity());
      return told;
    },

    /** What is to be told of a visitor not yet identified: once for each campaign, and never an empty one. */
    toAnonymousUpdate(): Draft | undefined {
      const [sending, { announced }] = select();
      if (!sending || announced === sending.touch.at) return undefined;
      const who = identity();
      if (who.userId) return undefined;
      saveTouches(touches(), { announced: sending.touch.at });
      return draft(who, {}, sending.campaign, now());
    },

    /**
     * An update that says the visitor is `userId`. Another user than before has none of the earlier one's id, company and
     * campaign.
     */
    identify(userId: string, { company_id, session_token, metadata }: Said = {}, at = now()): Draft {
      // An auth library says "nobody" before it says who: of the same user the reset is taken back.
      if (left?.identity.userId === userId) {
        saveTouches(left.touches, { seen: now() });
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
      return { ...draft(after, said as Said, due?.campaign, at), touch: due?.touch.at };
    },

    /**
     * Whether the server has yet to hear this of the user: it is not what was said of them last, or that was not
     * confirmed within 24 hours. Remembers it as said.
     */
    hasChanged({ body }: Pick<Entry, 'body'>): boolean {
      const who = identity();
      const said = toFingerprint(body);
      // Either way: a clock set back must not make it last.
      const isFresh = Math.abs(now() - toNumber(who.confirmed)) < CONFIRMED_FOR;
      if (said === who.said && isFresh && !body.campaign) return false;
      if (said !== who.said) saveIdentity({ ...who, said, confirmed: undefined });
      return true;
    },

    /** These entries have arrived: their campaigns need not travel again, nor what they say of the user. */
    markDelivered(entries: readonly Entry[]): void {
      for (const { touch, body } of entries) {
        const known = touches();
        if (touch && [known.first?.at, known.last?.at].includes(touch))
          saveTouches(known, { delivered: touch });
        const who = identity();
        if (who.said === toFingerprint(body)) saveIdentity({ ...who, confirmed: now() });
      }
    },
  };
}
