import { isBrowser } from '../browser/page.ts';
import type { Runtime } from '../client/dependencies.ts';
import { firstClient, KEY } from '../client/one-client.ts';
import { tryOrUndefined } from '../shared/try-or-undefined.ts';
import { patchFetch } from './patch-fetch.ts';
import { patchXhr } from './patch-xhr.ts';
import { createRecorder } from './recorder.ts';
import { toSettings } from './settings.ts';
import type { Caller, CaptureClient, CaptureOptions, CaptureSettings, ReadyEvent } from './types.ts';

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
  recordEvent(event: ReadyEvent): void;
}

/** The page's recording is kept under this key: two would tell each call twice. */
export const CAPTURE: unique symbol = /* @__PURE__ */ Symbol.for('utmost.capture');

type Global = typeof globalThis & { [CAPTURE]?: Capture | undefined };

type AnyClient = Partial<CaptureClient> & { [KEY]?: (() => unknown) | undefined };

/** Makes what finds the page's recorder. Undefined before `init`, without consent, and while a page is prerendered. */
function createFind(given: AnyClient, settings: CaptureSettings) {
  let recorder: ReturnType<typeof createRecorder> | undefined;
  /** Reads the client at work, and who makes a call. */
  const read = (): [context?: Runtime, caller?: Caller] => {
    // An object without a handle, such as the module's own, stands for the page's first.
    const client = given[KEY] ? given : (firstClient() as AnyClient | undefined);
    // It brings the state up to date.
    if (!client?.getAnonymousId?.()) return [];
    const context = client[KEY]?.() as Runtime;
    const { userId, anonymousId, companyId } = context.visitor.identity();
    return [
      context,
      {
        user_id: userId,
        anonymous_id: userId ? undefined : anonymousId,
        company_id: companyId,
        session_token: client.getSession?.(),
      },
    ];
  };
  return () => {
    const [context] = read();
    if (!context) return undefined;
    const { visitor } = context;
    // Another one since a refusal: what was recorded before it is forgotten.
    if (recorder?.visitor !== visitor)
      recorder = createRecorder(context, settings, () => {
        const [now, caller] = read();
        return now?.visitor === visitor ? caller : undefined;
      });
    return recorder;
  };
}

const PATCHES = { fetch: patchFetch, xhr: patchXhr };

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
  const isFirst = !page[CAPTURE];
  if (!isFirst)
    console.warn('utmost: the calls of this page are recorded already; call stop() of that recording first.');
  let isOn = isFirst && isBrowser();
  const find = createFind(client, settings);
  const restores = (['fetch', 'xhr'] as const).map(name => {
    if (!isOn || !settings[name]) return undefined;
    const restore = PATCHES[name](page, () => (isOn ? find() : undefined));
    if (!restore)
      console.warn(`utmost: this page does not let ${name} be replaced; its calls are not recorded.`);
    return restore;
  });
  const capture: Capture = {
    stop() {
      if (!isOn) return false;
      isOn = false;
      for (const restore of restores) restore?.();
      find()?.stop();
      delete page[CAPTURE];
      return true;
    },
    flush: async () => find()?.flush(),
    recordEvent(event) {
      if (typeof event?.request?.uri !== 'string')
        console.warn('utmost: the event has no request; pass { request: { time, uri, verb } }.');
      else if (isOn) tryOrUndefined(() => find()?.recordEvent(event));
    },
  };
  if (isOn) page[CAPTURE] = capture;
  return capture;
}
