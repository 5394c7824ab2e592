import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createRelay } from '../../src/relay.ts';
import { APPLICATION_ID, errorOf, openServer, type Post, poster, respond, SITE } from './world.ts';

let api: Awaited<ReturnType<typeof openServer>>;
beforeAll(async () => {
  api = await openServer();
});
afterAll(() => api.close());
beforeEach(() => {
  api.got.length = 0;
  api.rule = respond(201);
});

const post = (path: string, body: unknown, rest: Post = {}, options = {}) =>
  poster({ applicationId: APPLICATION_ID, upstream: api.url, ...options })(path, { body, ...rest });
const ada = { user_id: 'ada', anonymous_id: 'a', metadata: { plan: 'pro' } };
const action = {
  action_name: 'signed up',
  request: { time: '2026-01-01T00:00:00.000Z', uri: `${SITE}/app` },
};

describe('what is posted', () => {
  it.each([
    ['/v1/users', ada],
    ['/v1/users', { anonymous_id: 'a', campaign: { utm_source: 'news', gclid: null } }],
    ['/v1/companies', { company_id: 'acme', company_domain: 'acme.test', metadata: { seats: 5 } }],
    ['/v1/actions', { ...action, transaction_id: 't', user_id: 'ada', metadata: {} }],
  ])('%s %j goes on with the application’s id and the visitor’s browser', async (path, body) => {
    const response = await post(path, body, { headers: { 'User-Agent': 'Firefox' } });
    expect(response.status).toBe(201);
    expect(await response.json()).toEqual({});
    expect(api.got).toMatchObject([{ method: 'POST', path, body }]);
    expect(api.got[0]?.headers).toMatchObject({
      'content-type': 'application/json',
      'x-moesif-application-id': APPLICATION_ID,
      'x-moesif-sdk': expect.stringMatching(/^utmost\/./),
    });
  });

  it('is a list of actions for the batch', async () => {
    expect((await post('/v1/actions/batch', [action, { ...action, action_name: 'left' }])).status).toBe(201);
    expect(api.got).toMatchObject([{ path: '/v1/actions/batch', body: [action, { action_name: 'left' }] }]);
  });

  it('goes on without cookies, referrer and other headers of the page', async () => {
    await post('/v1/users', ada, {
      headers: { Cookie: 'session=1', Authorization: 'Bearer x', Referer: SITE },
    });
    for (const name of ['cookie', 'authorization', 'referer', 'origin', 'x-forwarded-for'])
      expect(api.got[0]?.headers).not.toHaveProperty(name);
  });

  it('may come below any path', async () => {
    for (const path of ['', '/deep/er']) expect((await post(`${path}/v1/users`, ada)).status).toBe(201);
  });
});

it('a site’s own check may read a clone first', async () => {
  const headers = { Origin: SITE, 'Content-Type': 'text/plain' };
  const request = new Request(`${SITE}/t/v1/users`, { method: 'POST', headers, body: JSON.stringify(ada) });
  expect(await request.clone().json()).toEqual(ada);
  const relay = createRelay({ applicationId: APPLICATION_ID, upstream: api.url });
  expect((await relay(request)).status).toBe(201);
});

describe('the visitor', () => {
  const visitor = { headers: { 'User-Agent': 'Firefox' }, address: '192.0.2.1' };
  const claim = { ip_address: '8.8.8.8', user_agent_string: 'made up' };
  const facts = { ip_address: '192.0.2.1', user_agent_string: 'Firefox' };

  it('is told by the request and not by the body', async () => {
    await post('/v1/users', { ...ada, ...claim }, visitor);
    await post('/v1/actions', { ...action, ...claim, request: { ...action.request, ...claim } }, visitor);
    await post('/v1/actions/batch', [{ ...action, request: { ...action.request, ...claim } }], visitor);
    expect(api.got.map(({ body }) => body)).toEqual([
      { ...ada, ...facts },
      { ...action, request: { ...action.request, ...facts } },
      [{ ...action, request: { ...action.request, ...facts } }],
    ]);
  });

  it('is nobody’s where the request does not tell', async () => {
    await post('/v1/users', { ...ada, ...claim });
    expect(api.got[0]?.body).toEqual(ada);
  });

  it('is not the company', async () => {
    await post('/v1/companies', { company_id: 'acme', ...claim }, visitor);
    expect(api.got[0]?.body).toEqual({ company_id: 'acme' });
  });

  it('is whom the proxies saw, as far as they are trusted', async () => {
    const headers = { 'X-Forwarded-For': '8.8.8.8, 203.0.113.9' };
    await post('/v1/users', ada, { headers, address: '127.0.0.1' }, { trustProxy: 1 });
    await post('/v1/users', ada, { headers, address: '127.0.0.1' });
    expect(api.got.map(({ body }) => body.ip_address)).toEqual(['203.0.113.9', '127.0.0.1']);
  });
});

describe('the upstream’s answer', () => {
  it.each([200, 201])('%i is passed on', async status => {
    api.rule = respond(status, {}, '{"secret":1}');
    const response = await post('/v1/users', ada);
    expect(response.status).toBe(status);
    expect(await response.text()).toBe('{}');
  });

  it.each([202, 204])('%i is a success with something to read', async status => {
    api.rule = response => response.writeHead(status).end();
    expect((await post('/v1/users', ada)).status).toBe(200);
  });

  const FIXES = {
    'check the update': [400, 403, 404, 405, 406, 410, 413],
    'check its key and subscription': [401, 402],
    'send the update again later': [408, 429, 500, 502, 503, 504],
  };
  const answers = Object.entries(FIXES).flatMap(([fix, list]) => list.map(status => [status, fix] as const));

  it.each(answers)(
    '%i is passed on with its Retry-After and the sentence "%s", and nothing of its body',
    async (status, fix) => {
      api.rule = respond(status, { 'Retry-After': '7', 'WWW-Authenticate': 'Basic' }, '{"id":"inside"}');
      const response = await post('/v1/users', ada);
      expect(response.status).toBe(status);
      expect(response.headers.get('Retry-After')).toBe('7');
      expect(response.headers.get('WWW-Authenticate')).toBeNull();
      expect(await response.json()).toEqual({ error: `The Users API answered ${status}; ${fix}.` });
    },
  );

  it('Retry-After as a date becomes seconds, which need no clock that is right', async () => {
    api.rule = respond(429, { 'Retry-After': new Date(Date.now() + 60_000).toUTCString() });
    const wait = Number((await post('/v1/users', ada)).headers.get('Retry-After'));
    expect(wait).toBeGreaterThan(50);
    expect(wait).toBeLessThanOrEqual(60);
  });

  it('a redirect is not followed: it would carry the secret elsewhere', async () => {
    for (const status of [301, 302, 307, 308]) {
      api.rule = respond(status, { Location: `${api.url}/elsewhere` });
      const response = await post('/v1/users', ada);
      expect(response.status).toBe(502);
      expect(await errorOf(response)).toMatch(/redirect/);
    }
    expect(api.got.map(({ path }) => path)).not.toContain('/elsewhere');
  });
});
