import { isBrowser, setTimer } from '../browser/page.ts';
import { firstClient, KEY } from '../client/one-client.ts';
import { tryOrUndefined } from '../shared/try-or-undefined.ts';
import { patchFetch } from './patch-fetch.ts';
import { patchXhr } from './patch-xhr.ts';
import { toSettings } from './settings.ts';
import type { CaptureEvent, CaptureOptions, Observer } from './types.ts';
import { type CaptureClient, createWork } from './work.ts';

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

/** What a recording does on a server, and where another one is there. */
const NOTHING: Capture = { stop: () => false, flush: async () => {}, recordEvent() {} };

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
