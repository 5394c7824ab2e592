import type { Visit } from './campaign/rules.ts';
import type { Client } from './client.ts';
import { type Consent, createConsent } from './consent.ts';
import { byteLength } from './delivery/size.ts';
import { MAX_ID, normaliseId } from './ids.ts';
import { toText } from './json.ts';
import { toJson } from './metadata.ts';
import { DEFAULTS, type Settings } from './options.ts';
import { hasPage, later } from './page.ts';
import { dropped, type Invalid, invalid, queued } from './receipt.ts';
import { remindOfInit } from './remind.ts';
import { isDebugged } from './storage/debug.ts';
import { createTracker, type Environment, type Tracker } from './tracker.ts';
import type { JsonObject, Receipt, UserMetadata } from './types.ts';
import type { Said } from './visitor.ts';

/** Most bytes one call may bring: 1 MB, less than a request may hold by the room for ids and campaign. */
const MAX_CALL = 1_000_000;

/** Longest session token, in UTF-16 code units: more than a browser sends in a header. */
export const MAX_TOKEN = 16_384;

/** What is wrong with an id, whatever way it became none. */
export const NOBODYS = `is nobody's: pass the id of your own database, at most ${MAX_ID} characters`;

/** A client that keeps its calls until it is begun. */
export function createClient(now: () => number) {
  let running: Tracker | undefined;
  /** Sees whether the parts may run; they are set up when they are first needed. */
  let check: (() => void) | undefined;
  let state: Consent | undefined;
  let told: Consent | undefined;
  let isBegun = false;
  const held: ((running?: Tracker) => void)[] = [];
  /** Answer those who wait for it to begin; what they have said stays held. */
  const waiting: (() => void)[] = [];
  const parts = () => {
    check?.();
    return running;
  };
  const release = () => {
    for (const run of held.splice(0)) run(running);
  };
  /**
   * At once, or when the client may run. Resolves with undefined where it never will (no page, no consent), and where that
   * takes long: the visitor is being asked, or nobody calls `init`.
   */
  const whenRunning = <T>(use: (running: Tracker) => T | Promise<T>): Promise<T | undefined> =>
    new Promise(resolve => {
      held.push(ready => resolve(ready && use(ready)));
      const giveUp = () => resolve(undefined);
      if (parts() || !hasPage()) release();
      else if (state) giveUp();
      else {
        waiting.push(giveUp);
        later(() => {
          if (!isBegun) remindOfInit();
          giveUp();
        }, DEFAULTS.timeout);
      }
    });
  /** Makes an update of a call: what is wrong with it is thrown, told on the console, and answered `dropped`. */
  const answer = async (
    prepare: () => (running: Tracker) => Receipt | Promise<Receipt>,
  ): Promise<Receipt> => {
    try {
      const receipt = await whenRunning(prepare());
      if (receipt) return receipt;
    } catch (error) {
      // What the host's own getters and toJSON throw may be anything.
      const { reason = 'invalid-metadata', message = `${error}` } = Object(error) as Partial<Invalid>;
      console.warn('utmost:', message);
      return dropped(reason, message);
    }
    if (state === 'denied' || !hasPage()) return dropped(state ? 'consent-denied' : 'no-page');
    return state
      ? queued('consent-pending')
      : queued('not-started', 'init was not called; the update waits for it');
  };
  /** What a call says, as JSON; thrown where it has none, or too much. */
  const jsonOf = (
    metadata: UserMetadata | null | undefined,
    ...others: unknown[]
  ): JsonObject | undefined => {
    const json =
      metadata == null
        ? undefined
        : toJson(metadata, message => void whenRunning(({ report }) => report(message)));
    if (byteLength(toText([others, json ?? null])) > MAX_CALL)
      throw invalid('too-large', 'the call is over 1 MB');
    return json;
  };

  const client: Client = {
    async identifyUser(userId, metadata, options) {
      const at = now();
      let warning = '';
      const receipt = await answer(() => {
        const id = normaliseId(userId);
        if (!id) throw invalid('invalid-user-id', `the user id ${NOBODYS}`);
        const { companyId, sessionToken } = options ?? {};
        const company = normaliseId(companyId);
        if (companyId != null && !company) warning = `the company id ${NOBODYS}`;
        const token = normaliseId(sessionToken, MAX_TOKEN);
        if (sessionToken != null && !token) console.warn('utmost: the session token is none');
        const said: Said = {
          company_id: company,
          session_token: token,
          metadata: jsonOf(metadata, id, company, token),
        };
        return ({ visitor, courier, report }) => {
          const entry = visitor.identify(id, said, at);
          if (visitor.isNews(entry)) return courier.submit(entry);
          report(`unchanged: update of ${id}`);
          return { status: 'unchanged' };
        };
      });
      if (!warning) return receipt;
      console.warn('utmost:', warning);
      const message = `${receipt.message ?? 'the user is told without'}: ${warning}`;
      return { reason: 'invalid-company-id', ...receipt, message } as Receipt;
    },
    reset() {
      void whenRunning(({ visitor }) => visitor.reset());
    },
    setConsent(choice) {
      told = choice === 'granted' ? choice : 'denied';
      check?.();
    },
    async flush() {
      await whenRunning(({ courier }) => courier.flush());
    },
    getCampaign: () => parts()?.visitor.campaign(),
    getAnonymousId: () => parts()?.visitor.identity().anonymousId,
    explain: () => parts()?.explain() ?? [],
  };

  /**
   * Begins, once the page is shown. The work is done in the next task, for the page's own to come first; or with the
   * first call, for which it has to be done; or with the page's end, for nothing to be missed.
   */
  const begin = (settings: Settings, environment: Environment) => {
    isBegun = true;
    const { page, store, outbox } = environment;
    const initial = settings.respectGpc && page.optsOut() ? 'denied' : settings.consent;
    const consent = createConsent(store, initial);
    const isDenied = () => consent.current() === 'denied';
    page.whenActive(() => {
      let landing: Visit | undefined = page.visit();
      check = () => {
        // Looking for the domain first spares a second look at the cookies.
        if (initial === 'granted') store.site();
        const before = state;
        if (told) consent.choose(told);
        told = undefined;
        state = consent.current();
        if (state === 'denied' && before !== state) {
          running?.stop();
          running = landing = undefined;
          store.wipe('id', 'campaign', 'away', 'retry_at', 'arrived', 'debug');
          void outbox.wipe();
        } else if (state === 'granted' && !running) {
          landing ??= page.visit();
          settings.debug ||= isDebugged(landing.url, environment.isForgetful);
          running = createTracker(settings, environment, landing, isDenied);
        }
        if (state !== 'pending') release();
        for (const giveUp of waiting.splice(0)) giveUp();
      };
      if (held[0]) check();
      page.later(parts, 0);
      // One listener for all: between two of them the browser would tell this page that its requests have failed.
      page.onHide(isLeaving => parts()?.hide(isLeaving));
    });
  };

  return { client, begin, isBegun: () => isBegun, whenRunning, answer, jsonOf };
}
