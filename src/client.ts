import type { Visit } from './campaign/attribution.ts';
import { readParameters } from './campaign/parameters.ts';
import { createCourier } from './delivery/courier.ts';
import { byteLength } from './delivery/size.ts';
import type { Send } from './delivery/transport.ts';
import { usersRequest } from './destinations/moesif.ts';
import { toJson } from './metadata.ts';
import { onUrlChange } from './navigation.ts';
import type { Settings } from './options.ts';
import { hasPage, type Page } from './page.ts';
import { createStore } from './storage/cookies.ts';
import type { EntryStore } from './storage/outbox.ts';
import type { Campaign, IdentifyOptions, JsonObject, Receipt, UserMetadata } from './types.ts';
import { createVisitor, type Profile } from './visitor.ts';

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
}

/** What a client works with, besides its settings. */
export interface Environment {
  page: Page;
  send: Send;
  outbox: EntryStore;
  /** Ends all listening to the page. */
  signal: AbortSignal;
}

/** Most bytes one call may bring: 1 MB, less than a request may hold by the room for ids and campaign. */
const MAX_CALL = 1_000_000;

/** The parts at work, for a page that was arrived at by `landing`. */
function start(settings: Settings, { page, send, outbox, signal }: Environment, landing: Visit) {
  const report = (message: string, detail?: unknown) => {
    if (settings.debug) console.info(`utmost: ${message}`, detail);
  };
  const { url, now, later } = page;
  const visitor = createVisitor(createStore(new URL(url()), later), page, settings);
  const courier = createCourier({
    store: outbox,
    page,
    send: body => send(usersRequest(settings, body)),
    onDelivered: visitor.confirm,
    timeout: settings.timeout,
    report,
    signal,
  });
  let { found } = readParameters(landing.url);
  const arrive = (visit: Visit) => {
    report('visit', visitor.arrive(visit));
    // After the task: an identify that follows at once says it all.
    later(() => {
      const profile = visitor.announce();
      if (profile) void courier.submit(entryOf(profile, now()));
    }, 0);
  };
  arrive(landing);
  onUrlChange(() => {
    const before = found;
    found = readParameters(url()).found || before;
    // A router that keeps the query from view to view makes no new touch of it; nor does the referrer count twice.
    if (found !== before) arrive({ url: url(), referrer: '', at: now() });
  }, signal);
  return { visitor, courier, report };
}

type Running = ReturnType<typeof start>;

/** A client that keeps its calls until it is begun. */
export function createClient(now: () => number) {
  let running: Running | undefined;
  let begun: (() => void) | undefined;
  let held: ((running: Running) => void)[] = [];
  /** The parts, once the client is begun: they are set up when they are first needed. */
  const parts = () => {
    begun?.();
    return running;
  };
  /** At once, or when the client is begun; undefined where there is no page and never will be. */
  const whenRunning = <T>(use: (running: Running) => T | Promise<T>): Promise<T | undefined> =>
    new Promise(resolve => {
      const run = (ready?: Running) => resolve(ready && use(ready));
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
          said.metadata = toJson(metadata, key => running?.report('dots become underscores', key));
        if (byteLength(JSON.stringify([id, company, said])) > MAX_CALL) throw new TypeError('over 1 MB');
        const receipt = await whenRunning(({ visitor, courier }) =>
          courier.submit(entryOf(visitor.identify(id, company), at, said)),
        );
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
        running = start(settings, environment, landing);
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

/** A usable id as its string, else undefined. */
function idOf(value: unknown): string | undefined {
  if (Number.isFinite(value)) return `${value}`;
  return typeof value === 'string' && value.trim() ? value : undefined;
}

/** What the caller says of a user. */
interface Said {
  session_token?: string | undefined;
  metadata?: JsonObject;
}

/** An update in the Users API's shape, its fields in the documented order. */
function entryOf({ identity, campaign, touch }: Profile, at: number, { session_token, metadata }: Said = {}) {
  const { userId, anonymousId, companyId } = identity;
  const body = {
    user_id: userId,
    // Any script on any subdomain can write the cookie these were read from.
    anonymous_id: idOf(anonymousId),
    company_id: idOf(companyId),
    session_token,
    campaign,
    metadata,
  };
  // Without the absent fields, which JSON does not have.
  return { profile: userId ?? anonymousId, body: JSON.parse(JSON.stringify(body)) as JsonObject, at, touch };
}
