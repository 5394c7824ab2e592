import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { mask } from '../../src/capture/event.ts';
import { patchFetch } from '../../src/capture/patch-fetch.ts';
import { createRateLimit } from '../../src/capture/sample.ts';
import { bytesOf, createObserver, eventOf } from './capture-world.ts';
import { openXhrPage } from './fake-xhr.ts';
import { json, openPage } from './fetch-world.ts';
import { eventsOf, openRecorder } from './recorder-world.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] }));
afterEach(() => void vi.useRealTimers());

const SITE = 'https://example.com/x';

const BEING_THERE: Record<string, () => unknown> = {
  'an answer without a body has none, and no empty text': () => {
    const { response } = eventOf({ status: 204, responseBody: { bytes: new Uint8Array() } });
    expect(response).not.toHaveProperty('body');
    expect(openRecorder().recorder.begin('xhr', 'HEAD', new URL(SITE), {})?.hasBodies).toBe(false);
  },
  'an answer that is not shown has no status': () => {
    const event = eventOf({ status: 0 });
    expect([event.response, event.metadata]).toMatchObject([undefined, { _capture: { opaque: true } }]);
  },
  'a call whose answer comes while the page is left is not read': () => {
    const { begin, recorder, hide } = openRecorder();
    const call = begin(SITE);
    hide(true);
    expect([call && recorder.isKept(call), call?.hasBodies]).toEqual([true, false]);
  },
  'a wrapper below a later one is a plain passage once it is stopped, and bears what marked the first':
    async () => {
      const original = Object.assign(async () => json(), { polyfill: true });
      const { page, stop, calls } = openPage(original);
      const below = page.fetch as typeof fetch & { polyfill?: true };
      page.fetch = (...given) => below(...given);
      stop();
      await page.fetch(SITE);
      expect([calls, below.polyfill, below.length]).toEqual([[], true, original.length]);
    },
  'stop leaves a later wrapper in place': () => {
    const { page, stop } = openPage(async () => json());
    const theirs = vi.fn();
    page.fetch = theirs;
    stop();
    expect(page.fetch).toBe(theirs);
    const { Xhr, stop: end } = openXhrPage();
    Object.assign(Xhr.prototype, { send: theirs });
    end();
    expect(Xhr.prototype.send).toBe(theirs);
  },
  'a fetch that cannot be replaced is left alone': () => {
    expect(
      patchFetch(Object.freeze({ fetch, Headers }) as never, () => createObserver().observer),
    ).toBeUndefined();
  },
  'a polyfill that fetches by XMLHttpRequest is told once': async () => {
    const { page, Xhr, calls, find } = openXhrPage();
    const fetched = Object.assign(page, {
      async fetch(url: string) {
        await 0;
        const xhr = new Xhr();
        xhr.open('GET', url);
        xhr.send();
        return json();
      },
    });
    patchFetch(fetched as never, find);
    await fetched.fetch('/x');
    expect(calls.map(({ kind }) => kind)).toEqual(['fetch']);
  },
  'own requests are not recorded: by address, and by header': () => {
    const { call } = openRecorder();
    expect(call('https://example.com/t/v1/users')).toBeUndefined();
    expect(call(SITE, 200, { 'x-moesif-sdk': '' })).toBeUndefined();
    expect(call('https://example.com/t/v1/users/7')).toBeDefined();
  },
  'what is not seen is said': () => {
    const page = readFileSync('docs/capture.md', 'utf8');
    for (const name of ['service worker', 'sendBeacon', 'WebSocket', 'EventSource', 'web3'])
      expect(page).toContain(name);
  },
  'a polling loop becomes fewer events, which tell how many': () => {
    const next = createRateLimit(60, () => 0);
    const weights = Array.from({ length: 240 }, next);
    expect(weights.filter(Boolean).length).toBeLessThan(130);
    expect(weights.reduce((sum, weight) => sum + weight, 0)).toBeGreaterThan(180);
    const { begin, recorder } = openRecorder({ maxPerMinute: 1 });
    const kept = Array.from({ length: 4 }, () => begin(SITE)).map(call => call && recorder.isKept(call));
    expect(kept.filter(Boolean).length).toBeLessThan(4);
  },
  'nothing is made of a call in the page’s own task': async () => {
    const world = openRecorder({ batchSize: 1 });
    const parse = vi.spyOn(JSON, 'parse');
    const begun = world.begin(SITE);
    if (!begun) throw new Error('not begun');
    begun.responseBody = { bytes: bytesOf('{}') };
    world.recorder.finish(begun);
    expect(parse).not.toHaveBeenCalled();
    parse.mockRestore();
    expect(await eventsOf(world)).toHaveLength(1);
  },
  'a body is taken at once: the page may change it': () => {
    const { Xhr, calls } = openXhrPage({ bodies: 'all' });
    const bytes = new Uint8Array([1]);
    const xhr = new Xhr();
    xhr.open('POST', '/x');
    xhr.send(bytes);
    bytes[0] = 2;
    expect(calls[0]?.requestBody?.bytes).toEqual(new Uint8Array([1]));
  },
  'an event whose masking throws, or returns none, is not sent': () => {
    const fail = () => {
      throw new Error('mine');
    };
    expect(mask(eventOf({}), { maskContent: fail })).toBeUndefined();
    expect(mask(eventOf({}), { maskContent: (async () => eventOf({})) as never })).toBeUndefined();
    expect(mask(eventOf({}), { getMetadata: fail, getTags: fail, apiVersion: fail })).toContain('"id"');
  },
  'a call that is skipped is not read': () => {
    const { call, recorder } = openRecorder({ skip: () => true });
    const begun = call(SITE);
    expect(begun && recorder.isKept(begun)).toBe(false);
  },
};

it.each(Object.entries(BEING_THERE))('%s', async (_, check) => {
  await check();
});
