import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { redactHeaders, redactUrl } from '../../src/capture/redact.ts';
import { bytesOf, eventOf, fromBase64, rules } from './capture-world.ts';
import { eventsOf, openRecorder } from './recorder-world.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] }));
afterEach(() => void vi.useRealTimers());

const SITE = 'https://example.com/x';

const PRIVACY: Record<string, () => unknown> = {
  'nothing is recorded before consent, and a refusal forgets what waits': async () => {
    const world = openRecorder();
    world.call(SITE);
    world.state.who = undefined;
    expect([world.call(SITE), await eventsOf(world)]).toEqual([undefined, []]);
    const { begin, recorder, state } = openRecorder();
    const call = begin(SITE);
    state.who = undefined;
    expect(call && recorder.isKept(call)).toBe(false);
    const stopped = openRecorder();
    const later = stopped.begin(SITE);
    stopped.recorder.stop();
    expect(later && stopped.recorder.isKept(later)).toBe(false);
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
    expect(fromBase64(text('{"a":1,"card":{"no":"4111"},"b":1').body)).toBe('{"a":1,"card":"_redacted_"');
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
    for (const url of ['data:text/plain,a', 'blob:https://example.com/1'])
      expect(openRecorder({ include: ['*'] }).call(url), url).toBeUndefined();
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

it.each(Object.entries(PRIVACY))('%s', async (_, check) => {
  await check();
});
