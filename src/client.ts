import type { Decision, Visit } from './campaign/attribution.ts';
import { type Consent, createConsent } from './consent.ts';
import { byteLength } from './delivery/size.ts';
import { entryOf, idOf, type Said } from './entry.ts';
import { toJson } from './metadata.ts';
import { DEFAULTS, type Settings } from './options.ts';
import { hasPage, later } from './page.ts';
import { dropped, type Invalid, invalid, queued } from './receipt.ts';
import { remindOfInit } from './remind.ts';
import { isDebugged } from './storage/debug.ts';
import { createTracker, type Environment, type Tracker } from './tracker.ts';
import type { Campaign, IdentifyOptions, JsonObject, Receipt, UserMetadata } from './types.ts';

/** One tracked site. No method throws, and no promise rejects. On a server every method does nothing. */
export interface Client {
  /**
   * Says who the visitor is: one update of the user's profile, with the campaign they came by. Before `init`, and
   * while a page is prerendered, the call is kept.
   *
   * @param userId The user's permanent id in your own database: a non-empty string, or a finite number, which
   *   becomes its decimal string. Anything else is answered `dropped`.
   * @param metadata The user's data: a JSON object of at most 1 MB. Dates become ISO 8601 strings; what has no JSON
   *   (a cycle, a function, a BigInt) makes the call answered `dropped`.
   * @returns What became of it, after the first attempt or at the latest after the option `timeout`. While consent is
   *   `pending`, at once `queued`, though the call waits in this page's memory alone.
   */
  identifyUser(
    userId: string | number | bigint,
    metadata?: UserMetadata | null,
    options?: IdentifyOptions | null,
  ): Promise<Receipt>;
  /**
   * Call it on logout: the next user gets a new anonymous id and none of this one's company and campaign. Updates
   * still in the outbox are delivered. A campaign nobody was identified with is kept.
   */
  reset(): void;
  /**
   * Tells what the visitor allows: kept for the pages to come, and heeded by all tabs. `granted` releases what has
   * waited, as of the time it happened. `denied` forgets it, erases what was stored and what still waits to be sent,
   * and keeps nothing but the refusal; so does anything else.
   */
  setConsent(choice: 'granted' | 'denied'): void;
  /** Sends all that waits in the outbox now; resolves when it has been tried. */
  flush(): Promise<void>;
  /** The campaign the user is given; undefined where there is none, and before `init`. */
  getCampaign(): Campaign | undefined;
  /** The id of the browser's visitor; undefined before `init` and while a page is prerendered. */
  getAnonymousId(): string | undefined;
  /**
   * Why this page's visits were attributed as they were: the last 20 decisions, oldest first, kept in memory. With
   * the option `debug`, also shown as a table on the console.
   */
  explain(): Decision[];
}

/** Most bytes one call may bring: 1 MB, less than a request may hold by the room for ids and campaign. */
const MAX_CALL = 1_000_000;

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
        later(() => isBegun || remindOfInit(), DEFAULTS.timeout);
        later(giveUp, DEFAULTS.timeout);
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
        : toJson(metadata, key => running?.report(`dots become underscores in the key ${key}`));
    if (byteLength(JSON.stringify([others, json])) > MAX_CALL)
      throw invalid('too-large', 'the metadata is over 1 MB');
    return json;
  };

  const client: Client = {
    identifyUser(userId, metadata, options) {
      const at = now();
      return answer(() => {
        const id = idOf(userId);
        if (!id) throw invalid('invalid-user-id', "the user id is empty or no id; pass your database's id");
        const { companyId, sessionToken } = options ?? {};
        const company = idOf(companyId);
        if (companyId && !company) console.warn('utmost:', 'invalid company id');
        const token = idOf(sessionToken);
        const said: Said = { session_token: token, metadata: jsonOf(metadata, id, company, token) };
        return ({ visitor, courier, report }) => {
          const entry = entryOf(visitor.identify(id, company), at, said);
          if (visitor.isNews(entry)) return courier.submit(entry);
          report(`unchanged: update of ${id}`);
          return { status: 'unchanged' };
        };
      });
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
    getAnonymousId: () => parts()?.visitor.anonymousId(),
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
          store.wipe('id', 'campaign', 'away', 'retry_at', 'debug');
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
