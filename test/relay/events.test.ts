import { afterEach, beforeEach, expect, it } from 'vitest';
import { createRelay } from '../../src/relay.ts';
import { APPLICATION_ID, openServer, TOKEN } from './world.ts';

const SITE = 'https://www.example.com';
const time = '2026-05-31T12:00:00.000Z';
const event = {
  request: {
    time,
    uri: 'https://www.example.com/api/orders?page=2',
    verb: 'POST',
    headers: { 'content-type': 'application/json', 'x-empty': '' },
    body: { 'a.b': [1, null] },
    transfer_encoding: 'json',
    api_version: '1',
  },
  response: { time, status: 201, headers: {}, body: 'aGk=', transfer_encoding: 'base64' },
  user_id: 'ada',
  company_id: 'acme',
  session_token: 'token',
  transaction_id: '9a7a2f3e-4a5b-4c6d-8e9f-0a1b2c3d4e5f',
  direction: 'Outgoing',
  weight: 4,
  metadata: { _capture: { duration_ms: 12, kind: 'fetch' } },
};

let api: Awaited<ReturnType<typeof openServer>>;
beforeEach(async () => {
  api = await openServer();
});
afterEach(() => api.close());

/** Posts as a page of the site does, from 192.0.2.1. */
function post(path: string, body: unknown, headers: Record<string, string> = {}, options: object = {}) {
  const relay = createRelay({
    applicationId: APPLICATION_ID,
    upstream: api.url,
    trustProxy: 'x-ip',
    ...options,
  });
  return relay(
    new Request(`${SITE}/t${path}`, {
      method: 'POST',
      headers: { Origin: SITE, 'Content-Type': 'text/plain', 'X-IP': '192.0.2.1', ...headers },
      body: JSON.stringify(body),
    }),
  );
}

const errorOf = async (response: Response) => ((await response.json()) as { error: string }).error;
const expected = { ...event, request: { ...event.request, ip_address: '192.0.2.1' } };

it('an event goes on whole, with the visitor’s address', async () => {
  expect((await post('/v1/events', event)).status).toBe(201);
  expect(api.got).toMatchObject([
    { path: '/v1/events', headers: { 'x-moesif-application-id': APPLICATION_ID } },
  ]);
  expect(api.got[0]?.body).toEqual(expected);
});

it('a batch of events goes on as one request', async () => {
  const { response: _, ...failed } = event;
  expect((await post('/v1/events/batch', [event, failed])).status).toBe(201);
  const { response: __, ...expectedFailed } = expected;
  expect(api.got.map(({ path, body }) => [path, body])).toEqual([
    ['/v1/events/batch', [expected, expectedFailed]],
  ]);
});

it('an address in the body is not believed', async () => {
  const claim = { ip_address: '8.8.8.8' };
  await post('/v1/events', {
    ...event,
    request: { ...event.request, ...claim },
    response: { ...event.response, ...claim },
  });
  expect(api.got[0]?.body).toEqual(expected);
});

it('the browser’s name is added where the event has none, however it is spelled', async () => {
  const named = { ...event, request: { ...event.request, headers: { 'user-agent': 'the page’s' } } };
  await post('/v1/events/batch', [event, named], { 'User-Agent': 'Firefox' });
  expect(api.got[0]?.body.map((item: typeof event) => item.request.headers)).toEqual([
    { ...event.request.headers, 'User-Agent': 'Firefox' },
    { 'user-agent': 'the page’s' },
  ]);
});

it('null and empty tags are as if they were not there, at every place where clients send them', async () => {
  const request = { ...event.request, body: null, api_version: null };
  await post('/v1/events', { ...event, request, response: null, user_id: null, tags: '' });
  const { body: _, api_version: __, ...kept } = expected.request;
  const { response: ___, user_id: ____, ...rest } = event;
  expect(api.got[0]?.body).toEqual({ ...rest, request: kept });
});

it('a body that is nested without end is left out, and the event goes on', async () => {
  const deep = JSON.parse(`${'['.repeat(2000)}${']'.repeat(2000)}`);
  expect((await post('/v1/events', { ...event, request: { ...event.request, body: deep } })).status).toBe(
    201,
  );
  expect(api.got[0]?.body.request).not.toHaveProperty('body');
});

it('the times of a wrong clock are corrected, of the request and of the response', async () => {
  const now = Date.now();
  const hour = 3_600_000;
  const late = (ms: number) => new Date(now + hour + ms).toISOString();
  const wrong = {
    ...event,
    request: { ...event.request, time: late(-3000) },
    response: { ...event.response, time: late(-1000) },
  };
  for (const [path, body] of [
    ['/v1/events', wrong],
    ['/v1/events/batch', [wrong]],
  ] as const)
    await post(`${path}?sent_at=${now + hour}`, body);
  for (const { body } of api.got) {
    const { request, response } = [body].flat()[0];
    expect(Math.abs(Date.parse(request.time) - (now - 3000))).toBeLessThan(2000);
    expect(Date.parse(response.time) - Date.parse(request.time)).toBe(2000);
  }
});

it.each<[string, object, RegExp]>([
  ['no request', { request: undefined }, /^request is missing/],
  ['no headers', { request: { ...event.request, headers: undefined } }, /^request\.headers is missing/],
  [
    'a header that is no text',
    { request: { ...event.request, headers: { a: 1 } } },
    /^request\.headers must/,
  ],
  ['an empty verb', { request: { ...event.request, verb: '' } }, /^request\.verb must/],
  ['another encoding', { request: { ...event.request, transfer_encoding: 'hex' } }, /json or base64/],
  ['a status in words', { response: { ...event.response, status: '200' } }, /^response\.status must/],
  ['a status in halves', { response: { ...event.response, status: 200.5 } }, /^response\.status must/],
  ['a weight of none', { weight: 0 }, /^weight must be a whole number from 1 up/],
  ['a direction', { direction: 'Up' }, /^direction must be Incoming or Outgoing or Internal/],
  ['a transaction that is no UUID', { transaction_id: '1' }, /^transaction_id must be a UUID/],
])('an event with %s is refused', async (_, part, sentence) => {
  const response = await post('/v1/events', { ...event, ...part });
  expect(response.status).toBe(400);
  expect(await errorOf(response)).toMatch(sentence);
  expect(await errorOf(await post('/v1/events/batch', [event, { ...event, ...part }]))).toMatch(/^\[1\]\./);
  expect(api.got).toEqual([]);
});

it('a batch has 1 to 100 events', async () => {
  expect((await post('/v1/events/batch', Array(100).fill(event))).status).toBe(201);
  for (const body of [[], event, Array(101).fill(event)])
    expect(await errorOf(await post('/v1/events/batch', body))).toMatch(/a list of 1 to 100 events/);
});

it('the largest event of a page, of 900 KB, fits; a body over maxBodyBytes is refused', async () => {
  const large = { ...event, response: { ...event.response, body: 'x'.repeat(900_000) } };
  expect((await post('/v1/events', large)).status).toBe(201);
  expect((await post('/v1/events', large, {}, { maxBodyBytes: 500_000 })).status).toBe(413);
});

it('a page of another origin may not send events', async () => {
  expect((await post('/v1/events', event, { Origin: 'https://evil.example' })).status).toBe(403);
});

it('User.com alone has no place for events, as for actions', async () => {
  const userCom = { baseUrl: api.url, token: TOKEN };
  const only = { applicationId: undefined, upstream: undefined, trustProxy: 0, userCom };
  const response = await post('/v1/events/batch', [event], {}, only);
  expect(response.status).toBe(404);
  expect(await errorOf(response)).toBe(
    'The relay has nowhere to send events/batch; give it an applicationId.',
  );
  expect(api.got).toEqual([]);
});
