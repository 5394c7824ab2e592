import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createRecorder } from '../../src/capture/recorder.ts';
import { createRedaction } from '../../src/capture/redact.ts';
import { toSettings } from '../../src/capture/settings.ts';
import type { Caller, CaptureOptions } from '../../src/capture/types.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'Date'] }));
afterEach(() => void vi.useRealTimers());

function open(options: CaptureOptions = {}, who: Caller | undefined = { anonymousId: 'a' }) {
  const events: { weight?: number; user_id?: string; response?: { status: number } }[] = [];
  const leaving = new AbortController();
  const state: { who: Caller | undefined } = { who };
  const recorder = createRecorder({
    page: { now: () => Date.now(), uuid: () => 'id', setTimer: run => void setTimeout(run, 0) as never },
    settings: toSettings(options),
    redaction: createRedaction(),
    caller: () => state.who,
    site: () => 'example.com',
    isOwn: url => url.startsWith('https://example.com/t/v1/users'),
    leaving: () => leaving.signal,
    add: text => void events.push(JSON.parse(text)),
    report: () => {},
  });
  const call = (url: string, status = 200, headers = {}) => {
    const begun = recorder.observer.begin('fetch', 'GET', url, headers);
    if (!begun) return undefined;
    begun.status = status;
    if (recorder.observer.isKept(begun)) recorder.observer.finish(begun);
    return begun;
  };
  return { ...recorder, events, state, call, leave: () => leaving.abort() };
}

it('own requests, by address or header, other sites, and those before consent are not begun', () => {
  const { call, state } = open();
  expect(call('https://example.com/t/v1/users')).toBeUndefined();
  expect(call('https://example.com/x', 200, { 'x-moesif-sdk': 'any' })).toBeUndefined();
  expect(call('https://api.stripe.com/')).toBeUndefined();
  expect(call('https://example.com/x')).toBeDefined();
  state.who = undefined;
  expect(call('https://example.com/x')).toBeUndefined();
});

it('nothing is made of a call in its own task', () => {
  const { call, events, processAll } = open();
  call('https://example.com/x');
  expect(events).toEqual([]);
  processAll();
  expect(events).toHaveLength(1);
});

it('what the page’s end finds is made at once, and bodies are read no more', () => {
  const { call, events, leave } = open();
  leave();
  expect(call('https://example.com/x')?.hasBodies).toBe(false);
  expect(events).toHaveLength(1);
});

it('a call belongs to whoever made it', () => {
  const { observer, processAll, events, state } = open({}, { anonymousId: 'a', userId: 'first' });
  const call = observer.begin('fetch', 'GET', 'https://example.com/x');
  state.who = { anonymousId: 'b', userId: 'second' };
  if (call) observer.finish(call);
  processAll();
  expect(events[0]?.user_id).toBe('first');
});

it('of a visitor who is not sampled only failed calls are recorded, with their own weight', () => {
  const out = Array.from({ length: 9 }, (_, index) => `v${index}`).find(id => {
    const { call, processAll, events } = open({ sample: 1000 }, { anonymousId: id });
    call('https://example.com/x');
    processAll();
    return !events.length;
  });
  const { call, processAll, events } = open({ sample: 1000 }, { anonymousId: `${out}` });
  call('https://example.com/x', 500);
  processAll();
  expect(events.map(({ response, weight }) => [response?.status, weight])).toEqual([[500, undefined]]);
});

it('skip sees address, verb, status and headers, and what it throws keeps the call', () => {
  const skip = vi.fn(() => true);
  const { call, processAll, events } = open({ skip });
  call('https://example.com/x', 404, { a: '1' });
  processAll();
  expect(events).toEqual([]);
  expect(skip).toHaveBeenCalledWith({
    url: 'https://example.com/x',
    verb: 'GET',
    status: 404,
    requestHeaders: { a: '1' },
    responseHeaders: {},
  });
  const failing = open({
    skip() {
      throw new Error('mine');
    },
  });
  failing.call('https://example.com/x');
  failing.processAll();
  expect(failing.events).toHaveLength(1);
});

it('sign-in addresses that are asked for have no bodies', () => {
  const { call } = open({ exclude: ['!sign-in'] });
  expect(call('https://example.com/login')?.hasBodies).toBe(false);
  expect(call('https://example.com/x')?.hasBodies).toBe(true);
});
