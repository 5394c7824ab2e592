import type { Runtime } from '../client/dependencies.ts';
import { tryOrUndefined } from '../shared/try-or-undefined.ts';
import { mask, toEvent } from './event.ts';
import { createQueue } from './queue.ts';
import { createRedaction } from './redact.ts';
import { createRateLimit, isSampled } from './sample.ts';
import type { CaptureSettings } from './settings.ts';
import type { Call, Caller, CaptureEvent, Observer, ReadyEvent } from './types.ts';
import { isSignIn, isWanted } from './wanted.ts';

/** Paths under which updates are sent, by this library and by moesif-browser-js. */
const OWN_PATHS = /^\/v1\/(users|companies|actions|events)(\/batch)?\/?(\?|$)/;

/** What a recorder needs of the client at work. */
export type RecorderContext = Pick<
  Runtime,
  'page' | 'records' | 'visitor' | 'settings' | 'report' | 'send' | 'sendOnExit' | 'retryAfter'
>;

/** Checks whether a request is the library's own. */
function createIsOwn({ settings: { host, relay }, page }: RecorderContext) {
  const base = relay ? `${new URL(relay, page.url())}` : host;
  return (url: string) => url.startsWith(base) && OWN_PATHS.test(url.slice(base.length));
}

/** Asks the site, and draws lots. Sets the weight of a call that is kept, and else 0. */
function weigh(call: Call, { skip, sample }: CaptureSettings, toWeight: () => number): void {
  const { url, verb, status, caller, requestHeaders, responseHeaders } = call;
  // An answer that is not shown has the status 0.
  const n = Number(status) < 500 ? sample : 1;
  const isOut =
    tryOrUndefined(() =>
      skip?.({ url, verb, status: status || undefined, requestHeaders, responseHeaders }),
    ) || !isSampled(`${caller.user_id ?? caller.anonymous_id}`, n);
  call.weight = isOut ? 0 : n * toWeight();
}

/**
 * Records the calls of one visitor, of whom `readCaller` tells. It returns undefined when nothing may be recorded or sent
 * for them any more.
 */
export function createRecorder(
  context: RecorderContext,
  settings: CaptureSettings,
  readCaller: () => Caller | undefined,
) {
  const { page, records, report, visitor } = context;
  const queue = createQueue(context, settings, () => !!readCaller());
  const redaction = createRedaction(settings.redact);
  const isOwn = createIsOwn(context);
  const toWeight = createRateLimit(settings.maxPerMinute, page.now);
  const releases = new Set<() => void>();
  const finished: Call[] = [];
  /** What sends each event at once, when the page is left or the recording has ended. */
  let hurry: (() => void) | undefined;
  let isStopped = false;

  const add = (event: CaptureEvent) => {
    const text = tryOrUndefined(() => mask(event, settings));
    if (text) queue.add(text);
    else report('calls: 1 dropped (maskContent threw, or returned no event)');
  };
  /** Makes events of all calls that are over. */
  const processAll = () => {
    for (const call of finished.splice(0))
      tryOrUndefined(() => add(toEvent(call, page.uuid(), settings, redaction)));
    hurry?.();
  };
  /** Lets go of what is being read, and sends what there is. */
  const leave = (send: () => void) => {
    hurry = send;
    for (const release of releases) release();
    processAll();
  };
  page.onHide(isLeaving => {
    if (isLeaving) return leave(queue.sendOnExit);
    processAll();
    queue.sendOnExit();
  });
  page.onResume(() => {
    hurry = undefined;
  }, new AbortController().signal);
  const observer: Observer = {
    ...settings,
    setTimer: page.setTimer,
    releases,
    begin(kind, verb, address, requestHeaders) {
      const { href: url } = address;
      const isSent = 'x-moesif-sdk' in requestHeaders || isOwn(url);
      const caller = isSent || !isWanted(address, records.site(), settings) ? undefined : readCaller();
      return (
        caller && {
          observer,
          kind,
          verb: verb.toUpperCase(),
          url,
          caller,
          at: page.now(),
          requestHeaders,
          responseHeaders: {},
          weight: 1,
          hasBodies: settings.bodies !== 'none' && verb !== 'HEAD' && !isSignIn(address) && !hurry,
        }
      );
    },
    isKept(call) {
      call.endedAt = page.now();
      call.hasBodies &&= !hurry;
      weigh(call, settings, toWeight);
      return !!call.weight && !isStopped && !!readCaller();
    },
    finish(call) {
      finished.push(call);
      if (hurry) processAll();
      // In a task of its own.
      else if (!finished[1]) page.setTimer(processAll, 0);
    },
  };
  return {
    ...observer,
    visitor,
    flush() {
      processAll();
      return queue.flush();
    },
    /** Ends it: what is being read is let go. Calls that have their answer are sent. */
    stop() {
      isStopped = true;
      leave(() => void queue.flush());
    },
    recordEvent(event: ReadyEvent) {
      const caller = readCaller();
      if (caller) add({ transaction_id: page.uuid(), ...caller, ...event } as unknown as CaptureEvent);
    },
  };
}
