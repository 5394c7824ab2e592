import { describe, expect, it } from 'vitest';
import { isReadable, readBody } from '../../src/capture/body.ts';
import { toEvent, toWireBody } from '../../src/capture/event.ts';
import { parseHeaders } from '../../src/capture/patch-xhr.ts';
import { toCallError } from '../../src/capture/read-body.ts';
import { mask, write } from '../../src/capture/recorder.ts';
import {
  createRedaction,
  parseRedacted,
  redactForm,
  redactHeaders,
  redactText,
  redactUrl,
} from '../../src/capture/redact.ts';
import { createRateLimit, isSampled } from '../../src/capture/sample.ts';
import { toSettings } from '../../src/capture/settings.ts';
import type { Call, CaptureEvent } from '../../src/capture/types.ts';
import { isSignIn, isWanted } from '../../src/capture/wanted.ts';

const rules = createRedaction();
const CALL: Call = {
  kind: 'fetch',
  caller: { anonymousId: 'anon' },
  url: 'https://api.example.com/v1/pets?page=2#top',
  verb: 'POST',
  at: 1_000,
  respondedAt: 1_040,
  endedAt: 1_050,
  requestHeaders: { 'content-type': 'application/json', authorization: 'Bearer 1' },
  responseHeaders: { 'content-type': 'application/json; charset=utf-8' },
  requestBody: { text: '{"name":"Rex","password":"p"}' },
  responseBody: { bytes: new TextEncoder().encode('{"id":1}') },
  status: 201,
  weight: 1,
  hasBodies: true,
};
const eventOf = (call: Partial<Call> = {}, options = {}) =>
  toEvent({ ...CALL, ...call }, 'id', { headers: 'redacted', maxBodyBytes: 100, ...options }, rules);
const fromBase64 = (text: unknown) => Buffer.from(`${text}`, 'base64').toString();

describe('an event', () => {
  it('has times, address, verb, bodies and identity in the API’s shape', () => {
    expect(eventOf()).toEqual({
      request: {
        time: '1970-01-01T00:00:01.000Z',
        uri: 'https://api.example.com/v1/pets?page=2',
        verb: 'POST',
        headers: { 'content-type': 'application/json', authorization: '_redacted_' },
        body: { name: 'Rex', password: '_redacted_' },
        transfer_encoding: 'json',
      },
      response: {
        time: '1970-01-01T00:00:01.040Z',
        status: 201,
        headers: { 'content-type': 'application/json; charset=utf-8' },
        body: { id: 1 },
        transfer_encoding: 'json',
      },
      transaction_id: 'id',
      anonymous_id: 'anon',
      direction: 'Outgoing',
      metadata: { _capture: { duration_ms: 50, kind: 'fetch' } },
    });
  });
  it('names the user, the company, the session, the trace and the weight', () => {
    const caller = { anonymousId: 'a', userId: 'u', companyId: 'c', sessionToken: 's' };
    const traceparent = `00-${'4bf92f3577b34da6a3ce929d0e0e4736'}-00f067aa0ba902b7-01`;
    const event = eventOf({ caller, weight: 4, requestHeaders: { traceparent } });
    expect(event).toMatchObject({ user_id: 'u', company_id: 'c', session_token: 's', weight: 4 });
    expect(event.trace_id).toBe('4bf92f3577b34da6a3ce929d0e0e4736');
    expect(event).not.toHaveProperty('anonymous_id');
  });
  it('has no response where the browser shows none, or none came', () => {
    const opaque = eventOf({ status: 0, isOpaque: true });
    expect(opaque).not.toHaveProperty('response');
    expect(opaque.metadata).toMatchObject({ _capture: { opaque: true } });
    const failed = eventOf({ status: undefined, error: 'timeout' });
    expect(failed).not.toHaveProperty('response');
    expect(failed.metadata).toMatchObject({ _capture: { error: 'timeout' } });
  });
  it('has no body, and no empty one, for an upload that is answered without', () => {
    const { response } = eventOf({ status: 204, responseBody: { bytes: new Uint8Array() } });
    expect(response).not.toHaveProperty('body');
    expect(response).not.toHaveProperty('transfer_encoding');
  });
  it('tells the size of what is no text', () => {
    expect(eventOf({ requestBody: { size: 7 } }).metadata).toMatchObject({ _capture: { request_size: 7 } });
  });
});

describe('a body', () => {
  const wire = (text: string, type: string, limit = 100) => toWireBody({ text }, type, limit, rules);
  it('that is cut goes as base64, its secrets redacted all the same', () => {
    const { body, transfer_encoding, isTruncated } = wire(
      '{"token":"abcdef","n":[1,2],"card":{"a":"4111"},"x":1}',
      'application/json',
      45,
    );
    expect([transfer_encoding, isTruncated]).toEqual(['base64', true]);
    expect(fromBase64(body)).toBe('{"token":"_redacted_","n":[1,2],"card":"_redacted_"');
  });
  it('is encoded in UTF-8, and keeps its line ends', () => {
    expect(fromBase64(wire('a\r\n😀ü', 'text/plain').body)).toBe('a\r\n😀ü');
  });
  it('has no half of a character where the limit cuts one', () => {
    expect(fromBase64(wire('aü', 'text/plain', 2).body)).toBe('a');
  });
  it.each([['a form', 'a=1&user%5Bpassword%5D=x&c+d=2', 'a=1&user%5Bpassword%5D=_redacted_&c+d=2']])(
    'that is %s has its secrets redacted',
    (_, text, expected) => {
      expect(fromBase64(wire(text, 'application/x-www-form-urlencoded').body)).toBe(expected);
    },
  );
  it('that only looks like JSON is redacted as text', () => {
    expect(fromBase64(wire(`{"pin": 1234, 'a'}`, 'application/json').body)).toBe(`{"pin":"_redacted_", 'a'}`);
  });

  const form = new FormData();
  form.append('a', '1');
  form.append('a', '2');
  form.append('f', new File(['abc'], 'f.txt'));
  it.each<[string, unknown, unknown]>([
    ['nothing', undefined, undefined],
    ['an empty text', '', undefined],
    ['a form', form, { text: '{"a":["1","2"],"f":{"name":"f.txt","size":3}}', isTruncated: false }],
    ['parameters', new URLSearchParams('a=1'), { text: 'a=1', isTruncated: false }],
    ['a blob', new Blob(['abc']), { size: 3 }],
    ['a buffer', new ArrayBuffer(4), { size: 4 }],
    ['a view', new Uint8Array([1, 2]).subarray(1), { size: 1 }],
    ['a stream', new ReadableStream(), { isTruncated: true }],
    ['a long text', 'x'.repeat(9), { text: 'xxxxxxxx', isTruncated: true }],
    ['an object with a text of its own', { toString: () => 'own' }, { text: 'own', isTruncated: false }],
  ])('is taken of %s', (_, value, expected) => {
    expect(readBody(value, form === value ? 100 : 8, false)).toEqual(expected);
  });
  it('of bytes is a copy, and a stream stays unlocked', () => {
    const bytes = new Uint8Array([1, 2]);
    const body = readBody(bytes, 8, true);
    bytes[0] = 9;
    expect(body?.bytes).toEqual(new Uint8Array([1, 2]));
    const stream = new ReadableStream();
    readBody(stream, 8, true);
    expect(stream.locked).toBe(false);
  });

  it.each([
    ['application/json', undefined, true],
    ['application/problem+json', '10', true],
    ['text/html', undefined, true],
    ['application/json', '101', false],
    ['text/event-stream', undefined, false],
    ['application/x-ndjson', undefined, false],
    ['application/stream+json', undefined, false],
    ['multipart/x-mixed-replace', undefined, false],
    ['application/grpc-web+proto', undefined, false],
    ['video/mp4', undefined, false],
    ['application/wasm', undefined, false],
  ])('of type %s and length %s may be read: %s', (type, length, expected) => {
    const headers = { 'content-type': type, ...(length && { 'content-length': length }) };
    expect(isReadable(headers, 100, false)).toBe(expected);
    expect(isReadable(headers, 100, true)).toBe(expected);
  });
  it('of bytes is read only if they are wanted', () => {
    expect([false, true].map(bytes => isReadable({ 'content-type': 'image/png' }, 9, bytes))).toEqual([
      false,
      true,
    ]);
  });
});

describe('secrets', () => {
  it('of headers are redacted, by list and by kind', () => {
    const secret =
      'Authorization Proxy-Authorization Cookie Set-Cookie X-Api-Key X-Auth-Token X-CSRF-Token x-xsrf-token token my-secret-x user-password';
    for (const name of secret.split(' '))
      expect(redactHeaders({ [name]: 'v' }, 'redacted', rules), name).toEqual({ [name]: '_redacted_' });
    expect(redactHeaders({ accept: 'a', b: '' }, 'redacted', rules)).toEqual({ accept: 'a', b: '' });
    expect(redactHeaders({ accept: 'a', b: '' }, ['Accept', 'Cookie'], rules)).toEqual({ accept: 'a' });
    expect(redactHeaders({ cookie: 'a' }, ['Cookie'], rules)).toEqual({ cookie: '_redacted_' });
    expect(redactHeaders({ accept: 'a' }, 'none', rules)).toEqual({});
  });
  it.each([
    ['https://u:p@a.example/x#h', 'https://a.example/x'],
    ['https://a.example/?access_token=1&b=2', 'https://a.example/?access_token=_redacted_&b=2'],
    [
      'https://a.example/?code=1&key=2&sig=3',
      'https://a.example/?code=_redacted_&key=_redacted_&sig=_redacted_',
    ],
    ['https://a.example/?X-Amz-Signature=1', 'https://a.example/?X-Amz-Signature=_redacted_'],
    ['https://a.example/?q=a%20b+c&e=', 'https://a.example/?q=a%20b+c&e='],
    ['https://a.example/?to=jo%40example.com', 'https://a.example/?to=_redacted_'],
    ['https://a.example/users/jo@example.com/x', 'https://a.example/users/_redacted_/x'],
    ['https://a.example/t/eyJhbGciOi.eyJzdWIi.abc-_', 'https://a.example/t/_redacted_'],
  ])('of the address %s are redacted', (url, expected) => {
    expect(redactUrl(url, rules)).toBe(expected);
  });
  it('of an address with more parameters than the API takes: the first 500 stay', () => {
    const url = `https://a.example/?${Array.from({ length: 600 }, (_, index) => `p=${index}`).join('&')}`;
    expect(new URL(redactUrl(url, rules)).searchParams.getAll('p')).toHaveLength(500);
  });
  it('of a body are redacted at any depth', () => {
    const keys =
      'password passphrase secret client_secret refreshToken authorization cardNumber cvv CVC ssn iban pin otp';
    for (const key of keys.split(' '))
      expect(parseRedacted(`{"a":[{"${key}":{"x":1}}]}`, rules), key).toEqual({
        a: [{ [key]: '_redacted_' }],
      });
    expect(parseRedacted('{"code":1,"key":"k","__proto__":1}', rules)).toEqual(
      JSON.parse('{"code":1,"key":"k","__proto__":1}'),
    );
  });
  it('in text: a nested object behind a harmless key is looked into', () => {
    expect(redactText('{"a":{"token":"x","b":{"pin":1}},"c":2', rules)).toBe(
      '{"a":{"token":"_redacted_","b":{"pin":"_redacted_"}},"c":2',
    );
  });
  it('may be added, and taken off', () => {
    const own = createRedaction(['X-Tenant*', '!pin']);
    expect(redactForm('pin=1&xTenantName=2&otp=3', own)).toBe('pin=1&xTenantName=_redacted_&otp=_redacted_');
  });
});

describe('what is wanted', () => {
  const wanted = (url: string, options = {}) => isWanted(new URL(url), 'example.com', options);
  it.each([
    ['https://example.com/', true],
    ['https://api.example.com:8443/x', true],
    ['https://badexample.com/', false],
    ['https://api.stripe.com/v1', false],
    ['data:text/plain,a', false],
    ['blob:https://example.com/1', false],
    ['https://example.com/login', false],
    ['https://example.com/oauth2/authorize', false],
    ['https://example.com/api/token', false],
    ['https://example.com/api/tokens/list', true],
  ])('by default %s: %s', (url, expected) => {
    expect(wanted(url)).toBe(expected);
  });
  it('includes what is listed, and excludes before that', () => {
    const include = ['partner.com/v2', 'https://other.com/'];
    expect(wanted('https://api.partner.com/v2/x', { include })).toBe(true);
    expect(wanted('https://api.partner.com/v20', { include })).toBe(false);
    expect(wanted('https://other.com/x', { include })).toBe(true);
    expect(wanted('https://third.net/x', { include: ['*'] })).toBe(true);
    expect(wanted('https://example.com/health', { include: ['*'], exclude: ['/health'] })).toBe(false);
    expect(wanted('https://a.example.com/', { exclude: ['a.example.com'] })).toBe(false);
    expect(wanted('https://example.com/login', { exclude: ['!sign-in'] })).toBe(true);
  });
  it('knows where people sign in', () => {
    expect(isSignIn(new URL('https://identitytoolkit.googleapis.com/v1/accounts:x'))).toBe(true);
    expect(isSignIn(new URL('https://example.com/blog'))).toBe(false);
  });
});

describe('how much', () => {
  it('a sampled visitor is always in or out, and one in n is in', () => {
    const ids = Array.from({ length: 4000 }, (_, index) => `user-${index}`);
    const sampled = ids.filter(id => isSampled(id, 4));
    expect(sampled.length).toBeGreaterThan(850);
    expect(sampled.length).toBeLessThan(1150);
    expect(sampled.filter(id => isSampled(id, 4))).toEqual(sampled);
    expect(isSampled('any', 1)).toBe(true);
  });
  it('past the limit of a minute fewer are recorded, and their weights tell all', () => {
    let now = 0;
    const next = createRateLimit(60, () => now);
    const weights = Array.from({ length: 600 }, next);
    expect(weights.slice(0, 60)).toEqual(Array(60).fill(1));
    expect(weights.filter(Boolean).length).toBeLessThan(130);
    const sum = weights.reduce((all, weight) => all + weight, 0);
    expect(Math.abs(sum - 600)).toBeLessThan(600 * 0.2);
    now = 60_000;
    expect(next()).toBe(1);
  });
});

describe('the site’s own functions', () => {
  const none = { maskContent: undefined, getMetadata: undefined, getTags: undefined, apiVersion: undefined };
  const fail = () => {
    throw new Error('mine');
  };
  it.each<[string, (event: CaptureEvent) => unknown]>([
    ['throws', fail],
    ['returns nothing', () => undefined],
    ['returns a text', () => 'event'],
    ['returns a promise', async event => event],
  ])('a masking that %s drops the event', (_, maskContent) => {
    expect(mask(eventOf(), { ...none, maskContent: maskContent as never })).toBeUndefined();
  });
  it('the others are asked after masking, and what they throw changes nothing', () => {
    const seen: unknown[] = [];
    const event = mask(eventOf(), {
      maskContent: event => ({ ...event, masked: true }),
      getMetadata: event => ({ saw: event.masked }),
      getTags: event => {
        seen.push(event.masked);
        return 'a,b';
      },
      apiVersion: '2.1',
    });
    expect(event).toMatchObject({ tags: 'a,b', metadata: { saw: true, _capture: { kind: 'fetch' } } });
    expect(event?.request.api_version).toBe('2.1');
    expect(seen).toEqual([true]);
    const others = mask(eventOf(), { ...none, getMetadata: fail, getTags: fail, apiVersion: fail });
    expect(others).toEqual(eventOf());
  });
  it('an event that is too large goes without its bodies', () => {
    const event = eventOf();
    event.request.body = 'x'.repeat(1_000_000);
    const { request, metadata } = JSON.parse(write(event));
    expect(request).not.toHaveProperty('body');
    expect(metadata._capture.truncated).toContain('request.body');
  });
});

it('an error is told by what the page gets', () => {
  const aborted = AbortSignal.abort('mine');
  expect(toCallError(new DOMException('', 'AbortError'))).toBe('abort');
  expect(toCallError(new DOMException('', 'TimeoutError'))).toBe('timeout');
  expect(toCallError(new TypeError('Failed to fetch'))).toBe('network');
  expect(toCallError('mine', aborted)).toBe('abort');
});

it('the headers of an answer: lower case, empty ones, several of one name, folded lines', () => {
  expect(parseHeaders('A: 1\r\nb:\r\na: 2\r\nc: x\r\n y\r\n')).toEqual({ a: '1, 2', b: '', c: 'x\r\n y' });
  expect(parseHeaders('')).toEqual({});
  expect(parseHeaders(null)).toEqual({});
});

it('options are completed, and refused by a sentence', () => {
  expect(toSettings({ maxBodyBytes: 1e9, sample: 2 })).toMatchObject({ maxBodyBytes: 450_000, sample: 2 });
  for (const options of [
    { skip: 1 },
    { sample: 0 },
    { bodies: 'some' },
    { include: 'x' },
    { fetch: 1 },
    { headers: 'x' },
  ])
    expect(() => toSettings(options as never)).toThrow('utmost: ');
});
