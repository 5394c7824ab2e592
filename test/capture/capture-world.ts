import { toEvent } from '../../src/capture/event.ts';
import { createRedaction } from '../../src/capture/redact.ts';
import { toSettings } from '../../src/capture/settings.ts';
import type { Call, CaptureOptions, Observer } from '../../src/capture/types.ts';

/** An observer that keeps all it hears. */
export function createObserver(given: Partial<Observer> = {}) {
  const calls: Call[] = [];
  const finished: Call[] = [];
  const asked: Call[] = [];
  const releases = new Set<() => void>();
  const observer: Observer = {
    ...toSettings({ maxBodyBytes: 1000, bodyTimeout: 200 }),
    begin(kind, verb, url, requestHeaders) {
      const call = callOf({
        observer,
        kind,
        verb: verb.toUpperCase(),
        url: url.href,
        at: Date.now(),
        requestHeaders,
      });
      calls.push(call);
      return call;
    },
    isKept(call) {
      asked.push(call);
      return true;
    },
    finish: call => void finished.push(call),
    setTimer(run, milliseconds) {
      const timer = setTimeout(run, milliseconds);
      return () => clearTimeout(timer);
    },
    releases,
    ...given,
  };
  const leave = () => {
    for (const release of releases) release();
  };
  return { observer, find: () => observer, calls, finished, asked, leave };
}

/** A call that has just begun. */
export const callOf = (given: Partial<Call> & Pick<Call, 'observer'>): Call => ({
  kind: 'fetch',
  verb: 'GET',
  url: 'https://example.com/',
  caller: { anonymous_id: 'anon' },
  at: 1_000,
  requestHeaders: {},
  responseHeaders: {},
  weight: 1,
  hasBodies: true,
  ...given,
});

export const rules = createRedaction();
export const settingsOf = (options: CaptureOptions = {}) => toSettings({ maxBodyBytes: 100, ...options });
export const bytesOf = (text: string) => new TextEncoder().encode(text);
export const textOf = (bytes: Uint8Array | undefined) => new TextDecoder().decode(bytes);
export const fromBase64 = (text: unknown) => Buffer.from(`${text}`, 'base64').toString();

/** Makes the event of a call. What its observer notes is not looked at. */
export const eventOf = (call: Partial<Call>) =>
  toEvent(callOf({ observer: createObserver().observer, ...call }), 'id', settingsOf(), rules);
