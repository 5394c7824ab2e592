import { describe, expect, it } from 'vitest';
import { mask, toEvent } from '../../src/capture/event.ts';
import type { Call, CaptureEvent, CaptureOptions } from '../../src/capture/types.ts';
import { bytesOf, callOf, createObserver, fromBase64, rules, settingsOf } from './capture-world.ts';

const { observer } = createObserver();
const eventOf = (call: Partial<Call> = {}, options = {}) =>
  toEvent(
    callOf({
      observer,
      url: 'https://api.example.com/v1/pets?page=2#top',
      verb: 'POST',
      endedAt: 1_050,
      requestHeaders: { 'content-type': 'application/json', authorization: 'Bearer 1' },
      responseHeaders: { 'content-type': 'application/json; charset=utf-8' },
      requestBody: { bytes: bytesOf('{"name":"Rex","password":"p"}') },
      responseBody: { bytes: bytesOf('{"id":1}') },
      status: 201,
      ...call,
    }),
    'id',
    settingsOf(options),
    rules,
  );

describe('an event', () => {
  it('has times, address, verb, bodies and identity in the API’s shape', () => {
    expect(eventOf()).toEqual({
      request: {
        time: '1970-01-01T00:00:01.000Z',
        uri: 'https://api.example.com/v1/pets?page=2',
        verb: 'POST',
        headers: { 'content-type': 'application/json', authorization: '_redacted_' },
        body: { name: 'Rex', password: '_redacted_' },
      },
      response: {
        time: '1970-01-01T00:00:01.050Z',
        status: 201,
        headers: { 'content-type': 'application/json; charset=utf-8' },
        body: { id: 1 },
      },
      transaction_id: 'id',
      anonymous_id: 'anon',
      direction: 'Outgoing',
      weight: 1,
      metadata: { _capture: { duration_ms: 50, kind: 'fetch' } },
    });
  });
  it('names the user, the company, the session, the trace and the weight', () => {
    const caller = { user_id: 'u', company_id: 'c', session_token: 's' };
    const traceparent = `00-${'4bf92f3577b34da6a3ce929d0e0e4736'}-00f067aa0ba902b7-01`;
    const event = eventOf({ caller, weight: 4, requestHeaders: { traceparent } });
    expect(event).toMatchObject({ user_id: 'u', company_id: 'c', session_token: 's', weight: 4 });
    expect(event.trace_id).toBe('4bf92f3577b34da6a3ce929d0e0e4736');
    expect(event).not.toHaveProperty('anonymous_id');
  });
  it('has no response where the browser shows none, or none came', () => {
    const opaque = eventOf({ status: 0 });
    expect(opaque.response).toBeUndefined();
    expect(opaque.metadata).toMatchObject({ _capture: { opaque: true } });
    const failed = eventOf({ status: undefined, error: 'timeout' });
    expect(failed.response).toBeUndefined();
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
  const wire = (text: string, type: string, limit = 100) => {
    const event = eventOf(
      { requestHeaders: { 'content-type': type }, requestBody: { bytes: bytesOf(text) } },
      { maxBodyBytes: limit },
    );
    return {
      ...event.request,
      isTruncated: !!(event.metadata as { _capture: { truncated?: string[] } })._capture.truncated,
    };
  };
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
});

describe('the site’s own functions', () => {
  const masked = (event: CaptureEvent, options: CaptureOptions): CaptureEvent | undefined =>
    JSON.parse(mask(event, options) ?? 'null') ?? undefined;
  const fail = () => {
    throw new Error('mine');
  };
  it.each<[string, (event: CaptureEvent) => unknown]>([
    ['throws', fail],
    ['returns nothing', () => undefined],
    ['returns a text', () => 'event'],
    ['returns a promise', async event => event],
  ])('a masking that %s drops the event', (_, maskContent) => {
    expect(mask(eventOf(), { maskContent: maskContent as never })).toBeUndefined();
  });
  it('the others are asked after masking, and what they throw changes nothing', () => {
    const seen: unknown[] = [];
    const event = masked(eventOf(), {
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
    const others = masked(eventOf(), { getMetadata: fail, getTags: fail, apiVersion: fail });
    expect(others).toEqual(JSON.parse(JSON.stringify(eventOf())));
  });
  it('an event that is too large goes without its bodies', () => {
    const event = eventOf();
    event.request.body = 'x'.repeat(1_000_000);
    const { request, metadata } = JSON.parse(`${mask(event, {})}`);
    expect(request).not.toHaveProperty('body');
    expect(metadata._capture.truncated).toContain('request.body');
  });
});
