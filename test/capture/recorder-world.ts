import { vi } from 'vitest';
import { createRecorder, type RecorderContext } from '../../src/capture/recorder.ts';
import { toSettings } from '../../src/capture/settings.ts';
import type { Caller, CaptureEvent, CaptureOptions } from '../../src/capture/types.ts';
import type { Json } from '../../src/shared/types.ts';
import { DELIVERED } from '../world.ts';

/** What a recorder finds of a client at work, on example.com with a relay at `/t`. */
export function createContext() {
  const sent: Json[] = [];
  const reports: string[] = [];
  let hide: (isLeaving: boolean) => void = () => {};
  let resume = () => {};
  const context = {
    page: {
      now: () => Date.now(),
      random: () => 0.5,
      uuid: () => 'id',
      url: () => 'https://example.com/app/',
      setTimer(run: () => void, milliseconds: number) {
        const timer = setTimeout(run, milliseconds);
        return () => clearTimeout(timer);
      },
      onHide(run: typeof hide) {
        hide = run;
      },
      onResume(run: () => void) {
        resume = run;
      },
    },
    records: { site: () => 'example.com' },
    visitor: {},
    settings: { relay: '/t', host: 'https://api.moesif.net' },
    retryAfter: { load: () => 0 },
    report: (message: string) => void reports.push(message),
    async send(body: Json) {
      sent.push(body);
      return DELIVERED;
    },
    sendOnExit: (body: Json) => void sent.push(body),
  };
  return {
    context: context as unknown as RecorderContext,
    reports,
    events: () => sent.flat() as unknown as CaptureEvent[],
    hide: (isLeaving: boolean) => hide(isLeaving),
    resume: () => resume(),
  };
}

/** A recorder. `who`: the caller; undefined where nothing may be recorded. */
export function openRecorder(options: CaptureOptions = {}, who: Caller | undefined = { anonymous_id: 'a' }) {
  const state: { who: Caller | undefined } = { who };
  const { context, ...world } = createContext();
  const recorder = createRecorder(context, toSettings(options), () => state.who);
  const begin = (url: string, headers = {}) => recorder.begin('fetch', 'GET', new URL(url), headers);
  const call = (url: string, status = 200, headers = {}) => {
    const begun = begin(url, headers);
    if (!begun) return undefined;
    begun.status = status;
    if (recorder.isKept(begun)) recorder.finish(begun);
    return begun;
  };
  return { recorder, state, begin, call, ...world };
}

/** Returns what is recorded within ten seconds of the fake clock. */
export const eventsOf = async ({ events }: Pick<ReturnType<typeof openRecorder>, 'events'>) => {
  await vi.advanceTimersByTimeAsync(10_000);
  return events();
};
