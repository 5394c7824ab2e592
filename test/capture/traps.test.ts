import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { mask, toEvent } from '../../src/capture/event.ts';
import { patchFetch } from '../../src/capture/patch-fetch.ts';
import { redactHeaders, redactUrl } from '../../src/capture/redact.ts';
import { createRateLimit } from '../../src/capture/sample.ts';
import type { Call } from '../../src/capture/types.ts';
import { bytesOf, callOf, createObserver, fromBase64, rules, settingsOf } from './capture-world.ts';
import { openXhrPage } from './fake-xhr.ts';
import { json, openPage } from './fetch-world.ts';
import { openRecorder } from './recorder-world.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] }));
afterEach(() => void vi.useRealTimers());

const { observer } = createObserver();
const eventOf = (call: Partial<Call>) => toEvent(callOf({ observer, ...call }), 'id', settingsOf(), rules);
/** What is recorded within ten seconds. */
const eventsOf = async ({ events }: ReturnType<typeof openRecorder>) => {
  await vi.advanceTimersByTimeAsync(10_000);
  return events();
};
const SITE = 'https://example.com/x';

const BEING_THERE: Record<string, () => unknown> = {
  'an answer without a body has none, and no empty text': () => {
    const { response } = eventOf({ status: 204, responseBody: { bytes: new Uint8Array() } });
    expect(response).not.toHaveProperty('body');
    expect(openRecorder().recorder.begin('xhr', 'HEAD', new URL(SITE), {})?.hasBodies).toBe(false);
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
    expect(patchFetch(Object.freeze({ fetch, Headers }) as never, () => observer)).toBeUndefined();
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

const PRIVACY: Record<string, () => unknown> = {
  'nothing is recorded before consent, and a refusal forgets what waits': async () => {
    const world = openRecorder();
    world.call(SITE);
    world.state.who = undefined;
    expect([world.call(SITE), await eventsOf(world)]).toEqual([undefined, []]);
  },
  'secret headers are redacted': () => {
    for (const name of 'authorization proxy-authorization cookie set-cookie x-api-key x-auth-token x-csrf-token x-xsrf-token token x-my-secret'.split(
      ' ',
    ))
      expect(redactHeaders({ [name]: 'v' }, 'redacted', rules), name).toEqual({ [name]: '_redacted_' });
  },
  'secrets of an address are redacted': () => {
    for (const name of 'access_token id_token refresh_token token code key api_key password sig signature x-amz-date'.split(
      ' ',
    ))
      expect(redactUrl(`${SITE}?a=1&${name}=v&b=2`, rules), name).toBe(`${SITE}?a=1&${name}=_redacted_&b=2`);
    expect(redactUrl('https://u:p@a.b/jo@example.com/eyJa.eyJb.c?m=jo%40x.org#h', rules)).toBe(
      'https://a.b/_redacted_/_redacted_?m=_redacted_',
    );
  },
  'secrets of bodies are redacted at any depth, in forms and without a type, too': () => {
    const text = (body: string, type?: string) =>
      eventOf({ requestHeaders: type ? { 'content-type': type } : {}, requestBody: { bytes: bytesOf(body) } })
        .request;
    expect(text('{"a":[{"cvv":1,"card_no":{"x":1}}]}').body).toEqual({
      a: [{ cvv: '_redacted_', card_no: '_redacted_' }],
    });
    expect(fromBase64(text('a=1&user%5Bpassword%5D=x').body)).toBe('a=1&user%5Bpassword%5D=_redacted_');
    expect(fromBase64(text(`{"pin":"1","b":"${'x'.repeat(99)}`, 'application/json').body)).toMatch(
      /^\{"pin":"_redacted_","b":"x+$/,
    );
  },
  'sign-in addresses are not recorded, and have no bodies where they are asked for': () => {
    for (const path of ['/login', '/oauth2/authorize', '/api/token', '/password/reset'])
      expect(openRecorder().call(`https://example.com${path}`), path).toBeUndefined();
    expect(
      openRecorder({ include: ['*'] }).call('https://identitytoolkit.googleapis.com/v1/x'),
    ).toBeUndefined();
    expect(openRecorder({ exclude: ['!sign-in'] }).call('https://example.com/login')?.hasBodies).toBe(false);
  },
  'other sites are not recorded, also with our name in their path': () => {
    const { call } = openRecorder();
    for (const url of ['https://api.stripe.com/', 'https://notexample.com/', 'https://a.b/www.example.com/'])
      expect(call(url), url).toBeUndefined();
    expect(call('https://api.example.com/')).toBeDefined();
  },
  'nothing is kept in storage': async () => {
    const storage = new Proxy({}, { get: () => expect.unreachable() });
    vi.stubGlobal('localStorage', storage);
    vi.stubGlobal('sessionStorage', storage);
    const world = openRecorder();
    world.call(SITE);
    expect(await eventsOf(world)).toHaveLength(1);
    vi.unstubAllGlobals();
  },
  'a call is its caller’s, whoever is signed in when it is sent': async () => {
    const world = openRecorder({}, { user_id: 'first' });
    world.call(SITE);
    world.state.who = { user_id: 'second' };
    expect((await eventsOf(world))[0]?.user_id).toBe('first');
  },
};

it.each(Object.entries({ ...BEING_THERE, ...PRIVACY }))('%s', async (_, check) => {
  await check();
});
