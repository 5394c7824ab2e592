import { attribute, type Decision } from './campaign/attribution.ts';
import { campaignToSend, tellAttribution, withoutExpired } from './campaign/payload.ts';
import { type Attribution, NO_TOUCHES, type Visit } from './campaign/rules.ts';
import { digestOf } from './delivery/digest.ts';
import type { Settings } from './options.ts';
import type { Page } from './page.ts';
import { toAttribution, toIdentity } from './records.ts';
import type { Store } from './storage/cookies.ts';
import type { Campaign, Entry, Identity } from './types.ts';

/** Who an update is about, and the campaign that still has to travel with it. */
export interface Profile {
  identity: Identity;
  campaign?: object | undefined;
  /** Time of the touch the campaign is of. */
  touch?: number | undefined;
  /** What `metadata.attribution` tells, where the option is on. */
  attribution?: object | undefined;
}

/** How long a confirmed update need not be said again, in milliseconds: 24 hours. */
const CONFIRMED_FOR = 24 * 60 * 60_000;

/**
 * Who is at the browser and where they came from. What is stored is the truth, read anew for each call: another
 * tab may have changed it.
 */
export function createVisitor(store: Store, { now, uuid }: Pick<Page, 'now' | 'uuid'>, settings: Settings) {
  const { attribution: model, campaignMaxAge } = settings;

  const saveTouches = (touches: Attribution) => store.save('campaign', touches);
  const touches = () => toAttribution(store.load('campaign'));
  /** The campaign that the user is given, of the touches that are not too old. */
  const select = (known: Attribution) => {
    const fresh = withoutExpired(known, now(), campaignMaxAge);
    return { fresh, sending: campaignToSend(fresh, model) };
  };
  const saveIdentity = (identity: Identity) => {
    store.save('id', identity);
    return identity;
  };
  const identity = (): Identity => {
    const { anonymousId, ...stored } = toIdentity(store.load('id'));
    return anonymousId ? { anonymousId, ...stored } : saveIdentity({ ...stored, anonymousId: uuid() });
  };
  /** The next visitor has none of this one's touches, and a reload must not find them in the URL again. */
  const forgetTouches = () => saveTouches({ ...NO_TOUCHES, seen: now() });
  /** Whom `reset` has forgotten on this page. */
  let left: { identity: Identity; touches: Attribution } | undefined;

  return {
    identity,

    campaign: (): Campaign | undefined =>
      campaignToSend({ ...NO_TOUCHES, first: select(touches()).sending?.touch }, 'first')
        ?.campaign as Campaign,

    /** Attributes a visit, and tells what was found in its URL. */
    arrive(visit: Visit): { decision: Decision; found: string } {
      const { attribution, ...told } = attribute(touches(), visit, { ...settings, site: store.site() });
      saveTouches(attribution);
      saveIdentity(identity());
      return told;
    },

    /** What is to be told of a visitor not yet identified: once for each campaign, and never an empty one. */
    announce(): Profile | undefined {
      const known = touches();
      const { sending } = select(known);
      if (!sending || known.announced === sending.touch.at) return undefined;
      const who = identity();
      if (who.userId) return undefined;
      saveTouches({ ...known, announced: sending.touch.at });
      return { identity: who, campaign: sending.campaign };
    },

    /** The visitor is `userId`. Another user than before has none of the earlier one's id, company and campaign. */
    identify(userId: string, companyId?: string): Profile {
      // An auth library says "nobody" before it says who: of the same user the reset is taken back.
      if (left?.identity.userId === userId) {
        saveTouches({ ...left.touches, seen: now() });
        saveIdentity(left.identity);
      }
      left = undefined;
      const before = identity();
      const switched = before.userId !== undefined && before.userId !== userId;
      if (switched) forgetTouches();
      const after = switched
        ? { anonymousId: uuid(), userId, companyId }
        : { ...before, userId, companyId: companyId ?? before.companyId };
      if (after.userId !== before.userId || after.companyId !== before.companyId) saveIdentity(after);
      const known = touches();
      const { fresh, sending } = select(known);
      const attribution = settings.includeAttribution ? tellAttribution(fresh) : undefined;
      return sending && known.delivered !== sending.touch.at
        ? { identity: after, attribution, campaign: sending.campaign, touch: sending.touch.at }
        : { identity: after, attribution };
    },

    /**
     * Whether the server has yet to hear this of the user: it is not what was said of them last, or that was not
     * confirmed within 24 hours. Remembers it as said.
     */
    isNews({ body }: Pick<Entry, 'body'>): boolean {
      const who = identity();
      const said = digestOf(body);
      // Either way: a clock set back must not make it last.
      const isFresh = who.confirmed && Math.abs(now() - who.confirmed) < CONFIRMED_FOR;
      if (said === who.said && isFresh && !body.campaign) return false;
      if (said !== who.said) saveIdentity({ ...who, said, confirmed: undefined });
      return true;
    },

    /** These entries have arrived: their campaigns need not travel again, nor what they say of the user. */
    confirm(entries: readonly Entry[]): void {
      for (const { touch, body } of entries) {
        const known = touches();
        if (touch && [known.first?.at, known.last?.at].includes(touch))
          saveTouches({ ...known, delivered: touch });
        const who = identity();
        if (body.user_id && who.said === digestOf(body)) saveIdentity({ ...who, confirmed: now() });
      }
    },

    /**
     * A new visitor, in place of one who was identified: what that one came by stays theirs. A campaign that nobody was
     * identified with is kept for whoever signs up. Returns whether there was somebody to forget.
     */
    reset(): boolean {
      const before = identity();
      if ((before.userId ?? before.companyId) === undefined) return false;
      left = { identity: before, touches: touches() };
      saveIdentity({ anonymousId: uuid() });
      if (before.userId !== undefined) forgetTouches();
      return true;
    },
  };
}
