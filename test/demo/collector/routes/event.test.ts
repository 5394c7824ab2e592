import { describe, expect, it } from 'vitest';
import { errorOf, useCollector } from '../use-collector.ts';

const collector = useCollector();

const time = '2026-05-31T12:00:00.000Z';
const id = (n: number) => `9a7a2f3e-4a5b-4c6d-8e9f-${`${n}`.padStart(12, '0')}`;
const request = { time, uri: 'https://www.example.com/api/orders', verb: 'POST', headers: { accept: '*/*' } };
const event = {
  request: { ...request, body: { 'a.b': 1, list: [null] }, transfer_encoding: 'json', api_version: '2' },
  response: {
    time,
    status: 503,
    headers: { 'content-type': 'text/plain' },
    body: 'aGk=',
    transfer_encoding: 'base64',
  },
  user_id: 'ada',
  transaction_id: id(1),
  direction: 'Outgoing',
  weight: 4,
  tags: '',
  trace_id: 'trace',
  span: { id: 's', parent_id: null, links: [] },
  metadata: { _capture: { duration_ms: 12, kind: 'fetch' } },
};

/** Creates an application that knows the user ada, and lists the calls of a person. */
async function start() {
  const app = collector.tenant();
  await app.post({ user_id: 'ada' });
  const calls = async (query = 'user_id=ada') =>
    (await app.timeline(query)).filter(({ type }) => type === 'call');
  return { ...app, calls };
}

it('an event is in its user’s timeline, whole, with the sender’s address and browser', async () => {
  const { send, calls } = await start();
  const response = await send('/v1/events', event);
  expect(response.status).toBe(201);
  expect(await response.json()).toEqual({
    user_id: 'ada',
    anonymous_id: null,
    transaction_id: id(1),
    weight: 4,
  });
  const { user_id: _, transaction_id: __, tags: ___, ...kept } = event;
  expect(await calls()).toMatchObject([{ time, anonymous_id: null }]);
  expect((await calls())[0]?.body).toEqual({
    ...kept,
    request: {
      ...event.request,
      headers: { ...request.headers, 'User-Agent': 'test' },
      ip_address: '192.0.2.7',
    },
  });
});

it('an event’s own address and browser win', async () => {
  const { send, calls } = await start();
  const own = { ...request, ip_address: '198.51.100.1', headers: { 'user-agent': 'Firefox' } };
  await send('/v1/events', { request: own, user_id: 'ada' });
  expect((await calls())[0]?.body).toEqual({ request: own, weight: 1 });
});

it('of two events with one transaction_id the first is kept, in one batch, in two requests, in either case', async () => {
  const { send, calls } = await start();
  const second = { ...event, weight: 9 };
  expect((await send('/v1/events/batch', [event, second])).status).toBe(201);
  expect((await send('/v1/events', { ...second, transaction_id: id(1).toUpperCase() })).status).toBe(201);
  await send('/v1/events', { ...event, transaction_id: id(2) });
  await send('/v1/events/batch', [
    { request, user_id: 'ada' },
    { request, user_id: 'ada' },
  ]);
  expect((await calls()).map(({ body }) => body.weight).sort()).toEqual([1, 1, 4, 4]);
});

it('an event of another application with the same transaction_id is its own', async () => {
  const [one, other] = [await start(), await start()];
  for (const { send } of [one, other]) await send('/v1/events', event);
  expect([await one.calls(), await other.calls()]).toMatchObject([[{}], [{}]]);
});

it('a visitor’s events are theirs, then the user’s whom they become; a user’s id goes first', async () => {
  const { send, post, calls } = await start();
  await post({ anonymous_id: 'visitor' });
  await send('/v1/events', { request, anonymous_id: 'visitor' });
  await send('/v1/events', { request, anonymous_id: 'visitor', user_id: 'ada' });
  expect(await calls('anonymous_id=visitor')).toMatchObject([{ anonymous_id: 'visitor' }]);
  expect(await calls()).toHaveLength(1);
  await post({ user_id: 'ada', anonymous_id: 'visitor' });
  expect((await calls()).map(({ anonymous_id }) => anonymous_id).sort()).toEqual([null, 'visitor']);
});

it('an event with a session token alone is the user’s who brought that', async () => {
  const { send, post, calls } = await start();
  await post({ user_id: 'ada', session_token: 'token' });
  await send('/v1/events', { request, session_token: 'token' });
  expect(await calls()).toHaveLength(1);
});

it('calls, actions and updates are one timeline, newest first', async () => {
  const { send, post, timeline } = await start();
  const now = Date.now();
  const at = (second: number) => new Date(now + second * 10_000).toISOString();
  await send('/v1/events', { request: { ...request, time: at(2) }, user_id: 'ada' });
  await send('/v1/actions', { action_name: 'a', user_id: 'ada', request: { uri: 'u', time: at(1) } });
  await post({ user_id: 'ada', modified_time: at(3) });
  expect((await timeline('user_id=ada')).map(({ type }) => type).slice(0, 3)).toEqual([
    'update',
    'call',
    'action',
  ]);
});

describe('a body', () => {
  it('of up to 16 KB is kept; in place of a larger or deeper one is why not', async () => {
    const { send, calls } = await start();
    const deep = JSON.parse(`${'['.repeat(200)}${']'.repeat(200)}`);
    const bodies = ['x'.repeat(16 * 1024 - 2), 'x'.repeat(16 * 1024), 'ä'.repeat(9000), deep];
    const responses = bodies.map(body => ({ time, status: 200, headers: {}, body }));
    expect(
      (
        await send(
          '/v1/events/batch',
          responses.map(response => ({ request, response, user_id: 'ada' })),
        )
      ).status,
    ).toBe(201);
    const stored = (await calls()).map(
      ({ body }) => body.response as { body?: string; body_omitted?: string },
    );
    expect(stored.map(({ body, body_omitted }) => body_omitted ?? body).sort()).toEqual([
      'larger than 16 KB',
      'larger than 16 KB',
      'nested more than 64 levels deep',
      bodies[0],
    ]);
  });

  it('and headers with what PostgreSQL refuses are stored all the same', async () => {
    const { send, calls } = await start();
    const body = { 'a\0': ['\ud800', { n: 1 }] };
    const text = JSON.stringify({ request: { ...request, headers: { 'x\0': '\0' }, body }, user_id: 'ada' });
    expect((await send('/v1/events', text.replace('"n":1', '"n":1e999'))).status).toBe(201);
    expect((await calls())[0]?.body.request).toMatchObject({
      headers: { 'x\uFFFD': '\uFFFD' },
      body: { 'a\uFFFD': ['\uFFFD', { n: null }] },
    });
  });
});

it('metadata of events has no types to keep to, as it is made by a script and not by the site', async () => {
  const { send, post } = await start();
  await post({ user_id: 'ada', metadata: { kind: 1, error: true } });
  expect((await send('/v1/events', event)).status).toBe(201);
});

it.each<[string, object]>([
  ['request', { request: null }],
  ['request', { request: 'GET /' }],
  ['request.time', { request: { ...request, time: undefined } }],
  ['request.time', { request: { ...request, time: 'today' } }],
  ['request.uri', { request: { ...request, uri: '' } }],
  ['request.uri', { request: { ...request, uri: `/?${'a&'.repeat(500)}a` } }],
  ['request.verb', { request: { ...request, verb: 'X'.repeat(513) } }],
  ['request.headers', { request: { ...request, headers: undefined } }],
  ['request.headers', { request: { ...request, headers: { a: ['b'] } } }],
  ['request.transfer_encoding', { request: { ...request, transfer_encoding: 'hex' } }],
  ['request.body', { request: { ...request, transfer_encoding: 'base64', body: {} } }],
  ['response', { response: [] }],
  ['response.time', { response: { status: 200, headers: {} } }],
  ['response.status', { response: { time, headers: {} } }],
  ['response.status', { response: { time, status: '200', headers: {} } }],
  ['response.headers', { response: { time, status: 200 } }],
  ['user_id', { user_id: 7 }],
  ['anonymous_id', { anonymous_id: 'x'.repeat(513) }],
  ['transaction_id', { transaction_id: 'one' }],
  ['direction', { direction: 'outgoing' }],
  ['weight', { weight: 0 }],
  ['weight', { weight: 1.5 }],
  ['weight', { weight: 2 ** 31 }],
  ['tags', { tags: ['a'] }],
  ['span', { span: 'a' }],
  ['metadata', { metadata: 'a' }],
])('a wrong %s is refused by its name', async (field, part) => {
  const { send, calls } = await start();
  const wrong = { ...event, ...part };
  const response = await send('/v1/events', wrong);
  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({ field });
  const batch = await send('/v1/events/batch', [event, wrong]);
  expect(await batch.json()).toMatchObject({ field, index: 1 });
  expect(await calls()).toEqual([]);
});

it('application id, size and type are checked as on every route', async () => {
  const { send } = await start();
  expect((await send('/v1/events', event, { 'X-Moesif-Application-Id': '' })).status).toBe(401);
  expect((await send('/v1/events', event, { 'Content-Type': 'image/png' })).status).toBe(415);
  const large = await send('/v1/events', { ...event, tags: 'x'.repeat(1024 * 1024) });
  expect([large.status, await errorOf(large)]).toEqual([413, 'The body must be at most 1 MB.']);
  expect((await send('/v1/events/batch', [])).status).toBe(400);
});
