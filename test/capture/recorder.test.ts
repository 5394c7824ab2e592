import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openRecorder } from './recorder-world.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] }));
afterEach(() => void vi.useRealTimers());

const own = 'https://example.com/t/v1/';

it.each([`${own}users`, `${own}users/batch`, `${own}events/batch/`, `${own}actions?sent_at=1`])(
  'the library’s own request %s is not begun',
  url => {
    expect(openRecorder().call(url)).toBeUndefined();
  },
);
it.each([`${own}users/7`, `${own}orders`])('the site’s own call %s beside them is', url => {
  expect(openRecorder().call(url)).toBeDefined();
});

it('requests with the SDK’s header, to other sites, and before consent are not begun', () => {
  const { call, state } = openRecorder();
  expect(call('https://example.com/x', 200, { 'x-moesif-sdk': 'any' })).toBeUndefined();
  expect(call('https://api.stripe.com/')).toBeUndefined();
  expect(call('https://example.com/x')).toBeDefined();
  state.who = undefined;
  expect(call('https://example.com/x')).toBeUndefined();
});

it('nothing is made of a call in its own task', async () => {
  const { call, events } = openRecorder();
  call('https://example.com/x');
  call('https://example.com/y');
  expect(events()).toEqual([]);
  await vi.advanceTimersByTimeAsync(3000);
  expect(events()).toHaveLength(2);
});

describe('a page that is left', () => {
  it('makes events of what is over at once, and reads bodies no more', () => {
    const { call, events, hide } = openRecorder();
    call('https://example.com/x');
    hide(true);
    expect(events()).toHaveLength(1);
    expect(call('https://example.com/y')?.hasBodies).toBe(false);
    expect(events()).toHaveLength(2);
  });
  it('lets go of the bodies that are being read', () => {
    const { recorder, hide } = openRecorder();
    const release = vi.fn();
    recorder.releases.add(release);
    hide(false);
    expect(release).not.toHaveBeenCalled();
    hide(true);
    expect(release).toHaveBeenCalledOnce();
  });
  it('that comes back reads bodies again', () => {
    const { call, hide, resume } = openRecorder();
    hide(true);
    resume();
    expect(call('https://example.com/x')?.hasBodies).toBe(true);
  });
});

describe('stop', () => {
  it('right after an answer sends that call', async () => {
    const { call, recorder, events } = openRecorder();
    call('https://example.com/x');
    recorder.stop();
    await vi.advanceTimersByTimeAsync(0);
    expect(events()).toHaveLength(1);
  });
  it('while a body is read lets go of it, and sends that call', async () => {
    const { recorder, events, begin } = openRecorder();
    const call = begin('https://example.com/x');
    if (!call) throw new Error('not begun');
    call.status = 200;
    expect(recorder.isKept(call)).toBe(true);
    recorder.releases.add(() => recorder.finish(call));
    recorder.stop();
    await vi.advanceTimersByTimeAsync(0);
    expect(events()).toHaveLength(1);
  });
  it('forgets calls whose answer comes later', () => {
    const { recorder, begin } = openRecorder();
    const call = begin('https://example.com/x');
    recorder.stop();
    expect(call && recorder.isKept(call)).toBe(false);
  });
});

it('a refusal forgets calls in flight, and what waits', async () => {
  const { call, recorder, events, begin, state } = openRecorder();
  call('https://example.com/x');
  const later = begin('https://example.com/y');
  state.who = undefined;
  expect(later && recorder.isKept(later)).toBe(false);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(events()).toEqual([]);
});

it('a call belongs to whoever made it', async () => {
  const { begin, recorder, events, state } = openRecorder({}, { user_id: 'first' });
  const call = begin('https://example.com/x');
  state.who = { user_id: 'second' };
  if (call) recorder.finish(call);
  await vi.advanceTimersByTimeAsync(3000);
  expect(events()[0]?.user_id).toBe('first');
});

it('of a visitor who is not sampled only failed calls are recorded, with their own weight', async () => {
  const { call, events } = openRecorder({ sample: 1000 }, { anonymous_id: 'v1' });
  call('https://example.com/x');
  call('https://example.com/x', 500);
  await vi.advanceTimersByTimeAsync(3000);
  expect(events().map(({ response, weight }) => [response?.status, weight])).toEqual([[500, 1]]);
});

describe('skip', () => {
  it('sees address, verb, status and headers', async () => {
    const skip = vi.fn(() => true);
    const { call, events } = openRecorder({ skip });
    call('https://example.com/x', 404, { a: '1' });
    await vi.advanceTimersByTimeAsync(3000);
    expect(events()).toEqual([]);
    expect(skip).toHaveBeenCalledWith({
      url: 'https://example.com/x',
      verb: 'GET',
      status: 404,
      requestHeaders: { a: '1' },
      responseHeaders: {},
    });
  });
  it('that throws keeps the call', async () => {
    const { call, events } = openRecorder({
      skip() {
        throw new Error('mine');
      },
    });
    call('https://example.com/x');
    await vi.advanceTimersByTimeAsync(3000);
    expect(events()).toHaveLength(1);
  });
});

it('sign-in addresses that are asked for have no bodies', () => {
  const { call } = openRecorder({ exclude: ['!sign-in'] });
  expect(call('https://example.com/login')?.hasBodies).toBe(false);
  expect(call('https://example.com/x')?.hasBodies).toBe(true);
});

it('an event that the site has made is masked, has an id, and says who is signed in', async () => {
  const { recorder, events, reports } = openRecorder(
    {
      maskContent(event) {
        if (event.secret) throw new Error('mine');
        return { ...event, masked: true };
      },
    },
    { user_id: 'u' },
  );
  const request = { time: '2026-01-01T00:00:00.000Z', uri: 'https://own.example/', verb: 'GET' };
  recorder.recordEvent({ request });
  recorder.recordEvent({ request, secret: 1 });
  await vi.advanceTimersByTimeAsync(3000);
  expect(events()).toEqual([{ request, user_id: 'u', masked: true, transaction_id: 'id' }]);
  expect(reports).toEqual(['calls: 1 dropped (maskContent threw, or returned no event)']);
});
