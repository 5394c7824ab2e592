import type { Runtime } from '../client/dependencies.ts';
import { tryOrUndefined } from '../shared/try-or-undefined.ts';
import { createRateLimit, isSampled } from './sample.ts';
import type { Call, Caller, CaptureSettings, Observer } from './types.ts';
import { isSignIn, isWanted } from './wanted.ts';

/** Paths under which updates are sent, by this library and by moesif-browser-js. */
const OWN_PATHS = /^\/v1\/(users|companies|actions|events)(\/batch)?\/?(\?|$)/;

/** Checks whether a request is the library's own. */
function createIsOwn({ settings: { host, relay }, page }: Pick<Runtime, 'page' | 'settings'>) {
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
 * Decides which calls are begun, and which are kept. `hasEnded`: their bodies are not read any more.
 */
export function createDecisions(
  context: Pick<Runtime, 'page' | 'records' | 'settings'>,
  settings: CaptureSettings,
  readCaller: () => Caller | undefined,
  hasEnded: () => boolean,
): Pick<Observer, 'begin' | 'isKept'> {
  const { page, records } = context;
  const isOwn = createIsOwn(context);
  const toWeight = createRateLimit(settings.maxPerMinute, page.now);
  return {
    begin(kind, verb, address, requestHeaders) {
      const { href: url } = address;
      const isSent = 'x-moesif-sdk' in requestHeaders || isOwn(url);
      const caller = isSent || !isWanted(address, records.site(), settings) ? undefined : readCaller();
      return (
        caller && {
          observer: this as Observer,
          kind,
          verb: verb.toUpperCase(),
          url,
          caller,
          at: page.now(),
          requestHeaders,
          responseHeaders: {},
          weight: 1,
          hasBodies: settings.bodies !== 'none' && verb !== 'HEAD' && !isSignIn(address) && !hasEnded(),
        }
      );
    },
    isKept(call) {
      call.endedAt = page.now();
      call.hasBodies &&= !hasEnded();
      weigh(call, settings, toWeight);
      return !!call.weight && !!readCaller();
    },
  };
}
