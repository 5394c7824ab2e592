import type { Context } from '../client/dependencies.ts';
import type { KEY } from '../client/one-client.ts';
import { moesifRequest } from '../delivery/requests/moesif.ts';
import { relayRequest } from '../delivery/requests/relay.ts';
import { toIdentity } from '../identity/records.ts';
import { createQueue } from './queue.ts';
import { createRecorder, mask, UNMASKED, write } from './recorder.ts';
import { createRedaction } from './redact.ts';
import type { CaptureSettings } from './settings.ts';
import type { Caller, CaptureEvent } from './types.ts';

/** What of the client is asked. Any client of utmost has it. */
export interface CaptureClient {
  getAnonymousId(): string | undefined;
  /** A client of `utmost/full` knows the session token. */
  getSession?(): string | undefined;
  [KEY]?: (() => Context | undefined) | undefined;
}

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

/** Follows a page that is hidden, left, and may come back. Returns the signal that aborts when it is left. */
function followPage({ page }: Context, onHide: (() => void)[], end: AbortSignal): () => AbortSignal {
  let left = new AbortController();
  page.onHide(isLeaving => {
    if (end.aborted) return;
    if (isLeaving) left.abort();
    for (const run of onHide) run();
  });
  page.onResume(() => {
    if (left.signal.aborted) left = new AbortController();
  }, end);
  return () => left.signal;
}

/** Makes what logs a line on the console, where the site wants to be told. */
const createReport = (context: Context) => (message: string) => {
  if (context.settings.debug || context.debug === '1') console.info(`utmost: ${message}`);
};

/** Sets a recording to work, once its client has begun. */
export function createWork(
  client: CaptureClient,
  context: Context,
  settings: CaptureSettings,
  end: AbortSignal,
) {
  const { page, records, retryAfter } = context;
  const report = createReport(context);
  const { isOwn, ...wire } = createWire(context);
  const queue = createQueue({
    ...wire,
    page,
    pausedUntil: retryAfter.load,
    isAllowed: () => !!readCaller(client, context),
    ...settings,
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
  const leaving = followPage(context, [recorder.processAll, queue.sendOnExit], end);
  return {
    ...recorder,
    flush() {
      recorder.processAll();
      return queue.flush();
    },
    recordEvent(event: CaptureEvent) {
      const caller = readCaller(client, context);
      if (!caller) return;
      const { transaction_id = page.uuid() } = event;
      const masked = mask({ ...toWho(caller), ...event, transaction_id }, settings);
      if (masked) add(write(masked));
      else report(UNMASKED);
    },
  };
}
