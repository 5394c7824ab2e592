import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { APPLICATION_ID, errorOf, openServer, type Post, poster } from './world.ts';

let api: Awaited<ReturnType<typeof openServer>>;
beforeAll(async () => {
  api = await openServer();
});
afterAll(() => api.close());
beforeEach(() => {
  api.got.length = 0;
});

const options = () => ({ applicationId: APPLICATION_ID, upstream: api.url });
const post = (path: string, rest: Post = {}, more = {}) => poster({ ...options(), ...more })(path, rest);
const ada = { user_id: 'ada' };

/** The sentence of a refusal, of which the upstream has seen nothing. */
async function refusal(status: number, path: string, rest: Post, more = {}) {
  const response = await post(path, rest, more);
  expect(response.status).toBe(status);
  expect(response.headers.get('Content-Type')).toMatch(/^application\/json\b/);
  expect(api.got).toEqual([]);
  return errorOf(response);
}

it.each([
  '',
  '/',
  '/v1',
  '/v1/',
  '/v1/user',
  '/v1//',
  '/v1/users/x/',
  '/v1/users/batch',
  '/v1/event',
  '/v1/events/batches',
  '/v1/actions/1',
  '/xv1/users',
])('404 for %j', async path => {
  expect(await refusal(404, path, { body: ada })).toBe(
    'There is nothing at this address; post to /v1/users, /v1/companies, /v1/actions or /v1/events below the relay, the last two also with /batch.',
  );
});

it.each(['users', 'companies', 'actions', 'actions/batch'])(
  'a slash at the end of /v1/%s, or several, names the same endpoint',
  async endpoint => {
    const action = { action_name: 'a', request: { uri: 'u' } };
    const body = { users: ada, companies: { company_id: 'c' }, actions: action, 'actions/batch': [action] };
    for (const end of ['', '/', '///', '/?sent_at=1', '//#x']) {
      const path = `/v1/${endpoint}${end}`;
      expect((await post(path, { body: body[endpoint as keyof typeof body] })).status).toBe(201);
      expect((await post(path, { method: 'GET' })).status).toBe(405);
    }
    expect(new Set(api.got.map(({ path }) => path))).toEqual(new Set([`/v1/${endpoint}`]));
    expect(api.got).toHaveLength(5);
  },
);

it.each(['GET', 'HEAD', 'PUT', 'DELETE', 'PATCH'])('405 with Allow for %s', async method => {
  const response = await post('/v1/users', { method });
  expect(response.status).toBe(405);
  expect(response.headers.get('Allow')).toBe('POST, OPTIONS');
  expect(response.headers.get('Content-Type')).toMatch(/^application\/json\b/);
  expect(await errorOf(response)).toBe('This method is not allowed here; send a POST.');
});

it('403 is JSON with a sentence, like every refusal: a page tells the relay’s word from a firewall’s by that', async () => {
  expect(await refusal(403, '/v1/users', { body: ada, headers: { Origin: 'https://evil.example' } })).toMatch(
    /may not post here; add it to allowedOrigins/,
  );
});

describe('the content type', () => {
  it.each([
    'text/plain',
    'Text/Plain; charset=utf-8',
    'application/json',
    'application/json;charset=UTF-8;x=y',
  ])('%s is taken', async type => {
    const response = await post('/v1/users', { body: ada, headers: { 'Content-Type': type } });
    expect(response.status).toBe(201);
  });

  it.each([
    '',
    'text/html',
    'application/x-www-form-urlencoded',
    'multipart/form-data',
    'text/plainly',
    'application/json+x',
  ])('415 for %j', async type => {
    const rest = {
      body: new TextEncoder().encode('{"user_id":"u"}'),
      headers: { 'Content-Type': type || undefined },
    };
    expect(await refusal(415, '/v1/users', rest)).toMatch(/text\/plain or application\/json/);
  });
});

describe('the size', () => {
  const sized = (bytes: number) => `{"user_id":"u","metadata":{"a":"${'x'.repeat(bytes - 35)}"}}`;

  it('413 past 1 MB in UTF-8, and not before', async () => {
    expect(new TextEncoder().encode(sized(2 ** 20))).toHaveLength(2 ** 20);
    expect((await post('/v1/users', { body: sized(2 ** 20) })).status).toBe(201);
    api.got.length = 0;
    expect(await refusal(413, '/v1/users', { body: sized(2 ** 20 + 1) })).toMatch(/at most 1048576 bytes/);
    expect(await refusal(413, '/v1/users', { body: `{"user_id":"${'ü'.repeat(2 ** 19)}"}` })).toMatch(
      /bytes/,
    );
  });

  it('413 without reading on, whatever the Content-Length says', async () => {
    let pulled = 0;
    let isCancelled = false;
    const endless = () =>
      new ReadableStream({
        pull: controller => {
          pulled++;
          controller.enqueue(new Uint8Array(1000));
        },
        cancel: () => {
          isCancelled = true;
        },
      });
    const headers = { 'Content-Length': '10' };
    await refusal(413, '/v1/users', { body: endless(), headers }, { maxBodyBytes: 5000 });
    expect(pulled).toBeLessThan(10);
    expect(isCancelled).toBe(true);
    await refusal(
      413,
      '/v1/users',
      { body: 'x', headers: { 'Content-Length': '5001' } },
      { maxBodyBytes: 5000 },
    );
  });

  it('408 for a body that does not end in time', async () => {
    const body = new ReadableStream({ start: controller => controller.enqueue(new Uint8Array(10)) });
    expect(await refusal(408, '/v1/users', { body }, { timeout: 100 })).toMatch(/in time/);
  });

  it('408 on a runtime whose pending read fails when it is ended, such as workerd', async () => {
    let fail = () => {};
    const body = new ReadableStream({
      start: controller => {
        fail = () => controller.error(new Error('The stream was canceled.'));
      },
    });
    const cancel = vi
      .spyOn(ReadableStreamDefaultReader.prototype, 'cancel')
      .mockImplementation(async () => fail());
    expect(await refusal(408, '/v1/users', { body }, { timeout: 100 })).toMatch(/in time/);
    expect(cancel).toHaveBeenCalled();
  });

  it('400 for a body that breaks off', async () => {
    const body = new ReadableStream({ pull: controller => controller.error(new Error('gone')) });
    expect(await refusal(400, '/v1/users', { body })).toBe('The body broke off; send it again.');
  });
});

describe('the schema', () => {
  const action = { action_name: 'a', request: { uri: 'u' } };
  const deep = (levels: number) =>
    `{"user_id":"u","metadata":${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}}`;

  it.each<[string, unknown, RegExp]>([
    ['/v1/users', '', /not valid JSON/],
    ['/v1/users', '{"user_id":', /not valid JSON/],
    ['/v1/users', new Uint8Array([0x22, 0xff, 0x22]), /not valid JSON/],
    ['/v1/users', [], /^The body must be a JSON object/],
    ['/v1/users', 'null', /^The body must be a JSON object/],
    ['/v1/users', {}, /needs a user_id or an anonymous_id/],
    ['/v1/users', '{"__proto__":{"user_id":"u"}}', /needs a user_id or an anonymous_id/],
    ['/v1/users', { user_id: 7 }, /^user_id must be a non-empty string of at most 512/],
    ['/v1/users', { user_id: '' }, /^user_id must/],
    ['/v1/users', { user_id: 'x'.repeat(513) }, /^user_id must/],
    ['/v1/users', '{"user_id":"\\ud800"}', /^user_id must/],
    ['/v1/users', { user_id: 'u', anonymous_id: null }, /^anonymous_id must/],
    ['/v1/users', { user_id: 'u', company_id: {} }, /^company_id must/],
    ['/v1/users', { user_id: 'u', session_token: 'x'.repeat(16_385) }, /^session_token must/],
    ['/v1/users', { user_id: 'u', modified_time: 'yesterday' }, /^modified_time must be an ISO 8601/],
    ['/v1/users', { user_id: 'u', modified_time: '2026-13-01T00:00:00Z' }, /^modified_time must/],
    ['/v1/users', { user_id: 'u', campaign: [] }, /^campaign must be a JSON object/],
    ['/v1/users', { user_id: 'u', campaign: { gclid: 7 } }, /^campaign\.gclid must be a string, or null/],
    ['/v1/users', { user_id: 'u', metadata: 'gold' }, /^metadata must be a JSON object/],
    ['/v1/users', deep(65), /^metadata must be nested at most 64/],
    ['/v1/users', deep(20_000), /^metadata must be nested at most 64|not valid JSON/],
    ['/v1/companies', { company_domain: 'a' }, /^company_id is missing/],
    ['/v1/companies', { company_id: 7 }, /^company_id must/],
    ['/v1/actions', { request: { uri: 'u' } }, /^action_name is missing/],
    ['/v1/actions', { action_name: 'a' }, /^request is missing/],
    ['/v1/actions', { action_name: 'a', request: 'u' }, /^request must be a JSON object/],
    ['/v1/actions', { action_name: 'a', request: {} }, /^request\.uri is missing/],
    ['/v1/actions', { ...action, request: { uri: 'u', time: 5 } }, /^request\.time must be an ISO 8601/],
    ['/v1/actions', [action], /^The body must be a JSON object/],
    ['/v1/actions/batch', action, /^The body must be a list of at least one action/],
    ['/v1/actions/batch', [], /at least one action/],
    ['/v1/actions/batch', [action, {}], /^\[1\]\.action_name is missing/],
    ['/v1/actions/batch', [action, 7], /^\[1\] must be a JSON object/],
  ])('400 for %s %j', async (path, body, sentence) => {
    expect(await refusal(400, path, { body })).toMatch(sentence);
  });

  it('what is not known is left out: a newer script must not lose a user', async () => {
    const body = { ...ada, shoe_size: 43, campaign: { utm_source: 'a', utm_colour: 'red' } };
    expect((await post('/v1/users', { body })).status).toBe(201);
    expect(api.got[0]?.body).toEqual({ ...ada, campaign: { utm_source: 'a' } });
  });

  it('metadata goes on as it stands, 64 levels deep', async () => {
    expect((await post('/v1/users', { body: deep(64) })).status).toBe(201);
    const body = '{"user_id":"u","metadata":{"__proto__":{"admin":true},"s":"\\ud800"}}';
    expect((await post('/v1/users', { body })).status).toBe(201);
    expect(JSON.stringify(api.got.at(-1)?.body)).toBe(body);
  });
});
