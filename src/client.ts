import type { Decision } from './campaign/attribution.ts';
import { byteLength } from './delivery/size.ts';
import { entryOf, idOf, type Said } from './entry.ts';
import { toJson } from './metadata.ts';
import type { Settings } from './options.ts';
import { hasPage } from './page.ts';
import { createTracker, type Environment, type Tracker } from './tracker.ts';
import type { Campaign, IdentifyOptions, Receipt, UserMetadata } from './types.ts';

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
   * @returns What became of it, after the first attempt or at the latest after the option `timeout`.
   */
  identifyUser(
    userId: string | number,
    metadata?: UserMetadata | null,
    options?: IdentifyOptions | null,
  ): Promise<Receipt>;
  /**
   * Call it on logout: the next user gets a new anonymous id and none of this one's company and campaign. Updates
   * still in the outbox are delivered. A campaign nobody was identified with is kept.
   */
  reset(): void;
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
  let begun: (() => void) | undefined;
  let held: ((running: Tracker) => void)[] = [];
  /** The parts, once the client is begun: they are set up when they are first needed. */
  const parts = () => {
    begun?.();
    return running;
  };
  /** At once, or when the client is begun; undefined where there is no page and never will be. */
  const whenRunning = <T>(use: (running: Tracker) => T | Promise<T>): Promise<T | undefined> =>
    new Promise(resolve => {
      const run = (ready?: Tracker) => resolve(ready && use(ready));
      if (parts() || !hasPage()) run(running);
      else held.push(run);
    });

  const client: Client = {
    async identifyUser(userId, metadata, options) {
      const at = now();
      let reason = 'no page';
      try {
        const id = idOf(userId);
        if (!id) throw new TypeError('invalid user id');
        const { companyId, sessionToken } = options ?? {};
        const company = idOf(companyId);
        if (companyId && !company) console.warn('utmost: invalid company id');
        const said: Said = { session_token: idOf(sessionToken) };
        if (metadata != null)
          said.metadata = toJson(metadata, key =>
            running?.report(`dots become underscores in the key ${key}`),
          );
        if (byteLength(JSON.stringify([id, company, said])) > MAX_CALL) throw new TypeError('over 1 MB');
        const receipt = await whenRunning(({ visitor, courier, report }) => {
          const entry = entryOf(visitor.identify(id, company), at, said);
          if (visitor.isNews(entry)) return courier.submit(entry);
          report(`unchanged: update of ${id}`);
          return { status: 'unchanged' } as Receipt;
        });
        if (receipt) return receipt;
      } catch (error) {
        reason = `${(error as Error)?.message}`;
        console.warn('utmost:', reason);
      }
      return { status: 'dropped', reason };
    },
    reset() {
      void whenRunning(({ visitor }) => visitor.reset());
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
    const { visit, later, whenActive, onHide } = environment.page;
    whenActive(() => {
      const landing = visit();
      begun = () => {
        begun = undefined;
        running = createTracker(settings, environment, landing);
        for (const run of held) run(running);
        held = [];
      };
      if (held[0]) begun();
      later(parts, 0);
      onHide(parts, environment.signal);
    });
  };

  return { client, begin };
}
