import { isBrowser, setTimer } from '../browser/page.ts';
import type { Context } from '../client/dependencies.ts';
import { firstClient, KEY } from '../client/one-client.ts';
import { moesifRequest } from '../delivery/requests/moesif.ts';
import { relayRequest } from '../delivery/requests/relay.ts';
import { toIdentity } from '../identity/records.ts';
import { tryOrUndefined } from '../shared/try-or-undefined.ts';
import { readDebug } from '../storage/debug.ts';
import { patchFetch } from './patch-fetch.ts';
import { patchXhr } from './patch-xhr.ts';
import { createQueue } from './queue.ts';
import { createRecorder, mask, write } from './recorder.ts';
import { createRedaction } from './redact.ts';
import { type CaptureSettings, toSettings } from './settings.ts';
import type { Caller, CaptureEvent, CaptureOptions, Observer } from './types.ts';

/** What of the client is asked. Any client of utmost has it. */
export interface CaptureClient {
  getAnonymousId(): string | undefined;
  /** A client of `utmost/full` knows the session token. */
  getSession?(): string | undefined;
  [KEY]?: (() => Context | undefined) | undefined;
}

/** The recording of a page's calls. */
export interface Capture {
  /**
   * Ends the recording, and sends what waits. Where another script has wrapped `fetch` since, ours stays as a plain
   * passage.
   *
   * @returns False where it had ended before.
   */
  stop(): boolean;
  /** Sends what waits. Resolves when that has been tried. */
  flush(): Promise<void>;
  /**
   * Sends an event that you have made: `request` with `time`, `uri` and `verb`, and perhaps `response`. Who is
   * signed in and a transaction id are added. Nothing in it is redacted, but `maskContent` is asked.
   */
  recordEvent(event: {
    request: { time: string; uri: string; verb: string };
    [field: string]: unknown;
  }): void;
}

/** The page's recording is kept under this key: two would tell each call twice. */
export const CAPTURE: unique symbol = /* @__PURE__ */ Symbol.for('utmost.capture');

type Global = typeof globalThis & { [CAPTURE]?: Capture | undefined };

/** Paths under which updates are sent, by this library and by moesif-browser-js. */
const OWN_PATHS = /^\/v1\/(users|companies|actions|events)(\/batch)?\/?(\?|$)/;

/** Makes the way to the destination of a client that is begun. */
function createWire({ settings, transport, page }: Context) {
  const { host, relay } = settings;
  const base = relay ? `${new URL(relay, page.url())}` : host;
  const toRequest = (body: string, path: string) => ({
    ...(relay ? relayRequest(base, [], path) : moesifRequest(settings, [], path)),
    body,
  });
  return {
    isOwn: (url: string) => url.startsWith(base) && OWN_PATHS.test(url.slice(base.length)),
    send: (body: string, path: string) => transport.send(toRequest(body, path)),
    sendOnExit: (body: string, path: string) => transport.sendOnExit(toRequest(body, path)),
  };
}

/** Reads who the visitor is. Undefined before `init`, without consent, and while a page is prerendered. */
function readCaller(client: CaptureClient, { records }: Context): Caller | undefined {
  const anonymousId = client.getAnonymousId();
  if (typeof anonymousId !== 'string') return undefined;
  return { ...toIdentity(records.load('id')), anonymousId, sessionToken: client.getSession?.() };
}

const toWho = ({ userId, anonymousId, companyId, sessionToken }: Caller) => ({
  ...(userId ? { user_id: userId } : { anonymous_id: anonymousId }),
  ...(companyId && { company_id: companyId }),
  ...(sessionToken && { session_token: sessionToken }),
});

/** What a recording does on a server, and where another one is there. */
const NOTHING: Capture = { stop: () => false, flush: async () => {}, recordEvent() {} };

/** Follows a page that is hidden, left, and may come back. Returns the signal that aborts when it is left. */
function followPage({ page }: Context, onHide: () => void, end: AbortSignal): () => AbortSignal {
  let left = new AbortController();
  page.onHide(isLeaving => {
    if (end.aborted) return;
    if (isLeaving) left.abort();
    onHide();
  });
  page.onResume(() => {
    if (left.signal.aborted) left = new AbortController();
  }, end);
  return () => left.signal;
}

/** Sets a recording to work, once its client has begun. */
function createWork(client: CaptureClient, context: Context, settings: CaptureSettings, end: AbortSignal) {
  const { page, records, retryAfter, isMemoryOnly, settings: options } = context;
  const isTelling = options.debug || readDebug(page.url(), isMemoryOnly) === '1';
  const report = (message: string) => {
    if (isTelling) console.info(`utmost: ${message}`);
  };
  const { isOwn, ...wire } = createWire(context);
  const queue = createQueue({
    ...wire,
    page,
    pausedUntil: retryAfter.load,
    isAllowed: () => !!readCaller(client, context),
    batchSize: settings.batchSize,
    batchMaxTime: settings.batchMaxTime,
    report,
  });
  const add = (text: string) => {
    queue.add(text);
    if (leaving().aborted) queue.sendOnExit();
  };
  const recorder = createRecorder({
    page,
    settings,
    redaction: createRedaction(settings.redact),
    caller() {
      const caller = readCaller(client, context);
      // Denied: what was recorded before is forgotten, too.
      if (!caller) clear();
      return caller;
    },
    site: records.site,
    isOwn,
    leaving: () => leaving(),
    add,
    report,
  });
  const clear = () => {
    queue.clear();
    recorder.clear();
  };
  const leaving = followPage(
    context,
    () => {
      recorder.processAll();
      queue.sendOnExit();
    },
    end,
  );
  return {
    ...recorder,
    flush() {
      recorder.processAll();
      return queue.flush();
    },
    recordEvent(event: CaptureEvent) {
      const caller = readCaller(client, context);
      if (!caller) return;
      const masked = mask(
        { ...toWho(caller), ...event, transaction_id: event.transaction_id ?? page.uuid() },
        settings,
      );
      if (masked) add(write(masked));
      else report('calls: 1 dropped (maskContent threw, or returned no event)');
    },
  };
}

/** Returns the context of a client; of an object without one, such as the module's own, that of the page's first. */
const contextOf = (client: CaptureClient) => (client[KEY] ?? firstClient()?.[KEY])?.();

/**
 * Records the page's calls to your API, by `fetch` and `XMLHttpRequest`, as of the time of each call. Calls made before
 * `init`, before consent, and after a refusal are not recorded.
 *
 * @param client `utmost`, or what `init` returns.
 * @param options What is recorded, and how.
 * @returns The recording. On a server, and where the page has a recording already, it does nothing.
 * @throws TypeError with a sentence that tells the fix, where an option is of the wrong kind.
 */
export function startCapture(client: CaptureClient, options: CaptureOptions = {}): Capture {
  const settings = toSettings(options);
  const page: Global = globalThis;
  if (!isBrowser()) return NOTHING;
  if (page[CAPTURE]) {
    console.warn('utmost: this page records its calls already; call stop() of that recording first.');
    return NOTHING;
  }
  const end = new AbortController();
  let begun: ReturnType<typeof createWork> | undefined;
  const work = () => {
    const context = begun ? undefined : contextOf(client);
    if (context) begun = createWork(client, context, settings, end.signal);
    return begun;
  };
  const observer: Observer = {
    limit: settings.maxBodyBytes,
    bodyTimeout: settings.bodyTimeout,
    hasBytes: settings.bodies === 'all',
    begin: (...call) => work()?.observer.begin(...call),
    isKept: call => !end.signal.aborted && !!begun?.observer.isKept(call),
    finish: call => end.signal.aborted || begun?.observer.finish(call),
    leaving: () => begun?.observer.leaving() ?? end.signal,
    now: () => Date.now(),
    setTimer,
  };
  const patches = { fetch: settings.fetch && patchFetch, xhr: settings.xhr && patchXhr };
  const restores = Object.entries(patches).map(([name, patch]) => {
    const restore = patch ? patch(page, observer) : undefined;
    if (patch && !restore)
      console.warn(`utmost: this page does not let ${name} be replaced; its calls are not recorded.`);
    return restore;
  });
  const capture: Capture = {
    stop() {
      if (end.signal.aborted) return false;
      for (const restore of restores) restore?.();
      void begun?.flush();
      end.abort();
      delete page[CAPTURE];
      return true;
    },
    flush: async () => begun?.flush(),
    recordEvent(event) {
      if (typeof event?.request?.uri !== 'string')
        return console.warn('utmost: the event has no request; pass { request: { time, uri, verb } }.');
      tryOrUndefined(() => work()?.recordEvent(event as unknown as CaptureEvent));
    },
  };
  page[CAPTURE] = capture;
  return capture;
}
