import { isBrowser } from '../../browser/page.ts';
import type { Capture } from '../../capture/start-capture.ts';
import type { CaptureClient, CaptureEvent, CaptureOptions, ReadyEvent } from '../../capture/types.ts';
import type { Client } from '../../client/client.ts';
import type { Context } from '../../client/dependencies.ts';
import { note } from './unsupported.ts';

/** What `skip` of moesif-browser-js is asked about. Bodies are not read by then. */
export interface RecordedCall {
  request: { uri: string; verb: string; headers: Readonly<Record<string, string>> };
  response: { status: number | undefined; headers: Readonly<Record<string, string>> };
}

export type { ReadyEvent };

/** Options of `start`, under their names in moesif-browser-js. */
export interface RecordingOptions {
  /** Returns true for a call that is not recorded. Default: none. */
  skip?: ((call: RecordedCall) => unknown) | undefined;
  /** Changes an event before it is sent, and must return it. One that throws drops the event. Default: none. */
  maskContent?: CaptureOptions['maskContent'];
  /** Returns metadata for an event, after masking. Default: none. */
  getMetadata?: CaptureOptions['getMetadata'];
  /** Returns tags for an event, separated by commas, after masking. Default: none. */
  getTags?: CaptureOptions['getTags'];
  /** Returns the version of the API that is called. Default: none. */
  getApiVersion?: ((event: CaptureEvent) => string | undefined) | undefined;
  /** The version of the API that is called. Default: none. */
  apiVersion?: string | undefined;
  /** Leaves calls of `fetch` alone. Default false. */
  disableFetch?: boolean | undefined;
}

export interface RecordingMethods {
  /**
   * Starts the recording of the page's calls to your API, by `fetch` and `XMLHttpRequest`. It loads
   * `utmost.capture.min.js` first, where that is not there yet; earlier calls are not recorded.
   *
   * @param web3 Is not used: calls of web3 are not recorded.
   * @returns False where it has been started already, and on a server.
   */
  start(web3?: unknown): boolean;
  /**
   * Ends the recording, and sends what waits.
   *
   * @returns False where nothing was being recorded.
   */
  stop(): boolean;
  /**
   * Sends an event that you have made. Who is signed in, and a transaction id, are added.
   *
   * @param event `request` with `time`, `uri` and `verb`, and perhaps `response`.
   */
  recordEvent(event?: ReadyEvent): void;
}

/** What the add-on mounts. It reads the options by their names in moesif-browser-js, so that full need not. */
type AddOn = { utmostCapture?: { fromMoesif(given: object, client: CaptureClient, isOn: boolean): Capture } };

// An add-on of its own, so that a page that records nothing does not load it.
// @ts-expect-error: the file is there where this one is, in dist/.
const load = (): Promise<unknown> => import('./utmost.capture.min.js');

/** Makes the methods that record, which load what they need when they are first called. */
export function createRecording(client: Client, context: () => Context | undefined) {
  let isOn = false;
  let capture: Capture | undefined;
  const waiting: ReadyEvent[] = [];
  /** Starts what is asked for, as soon as there are settings and the add-on is there. */
  const update = (hasTried?: boolean): void => {
    const begun = context();
    if (!begun || capture || !(isOn || waiting[0])) return;
    const { utmostCapture } = globalThis as AddOn;
    if (utmostCapture) {
      capture = utmostCapture.fromMoesif(begun.settings, client, isOn);
      for (const event of waiting.splice(0)) capture.recordEvent(event);
    } else if (!hasTried)
      load().then(
        () => update(true),
        () => note('start()', 'utmost.capture.min.js did not load; serve it from beside this script.'),
      );
  };
  const methods: RecordingMethods = {
    start(web3) {
      if (web3) note('start(web3)', 'calls of web3 are not recorded.');
      if (isOn || !isBrowser()) return false;
      methods.stop();
      isOn = true;
      update();
      return true;
    },
    stop() {
      const wasOn = isOn;
      isOn = false;
      capture?.stop();
      capture = undefined;
      return wasOn;
    },
    recordEvent(event) {
      if (!event || !isBrowser()) return;
      if (capture) return capture.recordEvent(event);
      waiting.push(event);
      update();
    },
  };
  return { methods, begin: () => update() };
}
