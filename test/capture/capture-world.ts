import type { Call, Observer } from '../../src/capture/types.ts';

/** An observer that keeps all it hears. */
export function createObserver(given: Partial<Observer> = {}) {
  const calls: Call[] = [];
  const finished: Call[] = [];
  const asked: Call[] = [];
  const leaving = new AbortController();
  const observer: Observer = {
    limit: 1000,
    bodyTimeout: 200,
    hasBytes: false,
    begin(kind, verb, url, headers = {}) {
      const call: Call = {
        kind,
        verb,
        url,
        caller: { anonymousId: 'a' },
        at: Date.now(),
        requestHeaders: headers,
        responseHeaders: {},
        weight: 1,
        hasBodies: true,
      };
      calls.push(call);
      return call;
    },
    isKept(call) {
      asked.push(call);
      return true;
    },
    finish: call => void finished.push(call),
    now: () => Date.now(),
    setTimer(run, milliseconds) {
      const timer = setTimeout(run, milliseconds);
      return () => clearTimeout(timer);
    },
    leaving: () => leaving.signal,
    ...given,
  };
  return { observer, calls, finished, asked, leave: () => leaving.abort() };
}

export const textOf = (bytes: Uint8Array | undefined) => new TextDecoder().decode(bytes);
