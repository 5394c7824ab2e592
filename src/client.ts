import type { Decision } from './campaign/attribution.ts';
import type { Visit } from './campaign/rules.ts';
import { type Consent, createConsent } from './consent.ts';
import { byteLength } from './delivery/size.ts';
import { entryOf, type Said } from './entry.ts';
import { MAX_ID, normaliseId } from './ids.ts';
import { toText } from './json.ts';
import type { Jsonable } from './jsonable.ts';
import { toJson } from './metadata.ts';
import type { Settings } from './options.ts';
import { hasPage } from './page.ts';
import { dropped, type Invalid, invalid, queued } from './receipt.ts';
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
   * @param options The user's company and session token.
   * @returns What became of it, after the first attempt or at the latest after the option `timeout`. While consent is
   *   `pending`, at once `queued`, though the call waits in this page's memory alone.
   */
  identifyUser<T extends UserMetadata & Jsonable<T>>(
    userId: string | number | bigint,
    metadata?: T | null,
    options?: IdentifyOptions | null,
  ): Promise<Receipt>;
  /**
   * Call it on logout: the next user gets a new anonymous id and none of this one's company and campaign. Updates
   * still in the outbox are delivered. A campaign nobody was identified with is kept.
   */
  reset(): void;
  /**
   * Tells what the visitor allows: kept for the pages to come, and heeded by all tabs.
   *
   * @param choice `granted` releases what has waited, as of the time it happened. `denied` forgets it, erases what was
   *   stored and what still waits to be sent, and keeps nothing but the refusal; so does anything else.
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
  const held: ((running?: Tracker) => void)[] = [];
  const parts = () => {
    check?.();
    return running;
  };
  const release = () => {
    for (const run of held.splice(0)) run(running);
  };
  /**
   * At once, or when the client may run. Resolves with undefined where it never will, for there is no page or no
   * consent; and while it is not known whether it may, for nobody should wait for that.
   */
  const whenRunning = <T>(use: (running: Tracker) => T | Promise<T>): Promise<T | undefined> =>
    new Promise(resolve => {
      held.push(ready => resolve(ready && use(ready)));
      if (parts() || !hasPage()) release();
      else if (state) resolve(undefined);
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
    if (state === 'pending') return queued('consent-pending');
    return dropped(state ? 'consent-denied' : 'no-page');
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
        const said: Said = { session_token: token, metadata: jsonOf(metadata, id, company, token) };
        return ({ visitor, courier, report }) => {
          const entry = entryOf(visitor.identify(id, company), at, said);
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
          store.wipe('id', 'campaign', 'away', 'retry_at', 'arrived');
          void outbox.wipe();
        } else if (state === 'granted' && !running) {
          running = createTracker(settings, environment, landing ?? page.visit(), isDenied);
        }
        if (state !== 'pending') release();
      };
      if (held[0]) check();
      page.later(parts, 0);
      // One listener for all: between two of them the browser would tell this page that its requests have failed.
      page.onHide(isLeaving => parts()?.hide(isLeaving));
    });
  };

  return { client, begin, whenRunning, answer, jsonOf };
}
