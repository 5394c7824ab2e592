import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { APPLICATION_ID, errorOf, openServer, type Post, poster, respond, SITE } from './world.ts';

let api: Awaited<ReturnType<typeof openServer>>;
beforeAll(async () => {
  api = await openServer();
});
afterAll(() => api.close());
beforeEach(() => {
  api.rule = respond(201);
});

const LISTED = 'https://app.example.test';
const post = (rest: Post, trustProxy: number | string = 0) =>
  poster({ applicationId: APPLICATION_ID, upstream: api.url, allowedOrigins: [LISTED], trustProxy })(
    '/v1/users',
    {
      body: { user_id: 'u' },
      ...rest,
    },
  );
const statusOf = async (headers: Record<string, string | undefined>, url?: string) =>
  (await post({ headers, ...(url && { url }) })).status;

describe('a page may post', () => {
  it.each([
    ['of the relay’s own host', { Origin: SITE }, SITE],
    ['of the same host and port', { Origin: 'http://localhost:4600' }, 'http://localhost:4600'],
    ['of https, though a proxy that ends TLS asks by http', { Origin: SITE }, 'http://www.example.test'],
    ['of https, though a proxy names the port', { Origin: SITE }, 'http://www.example.test:443'],
    [
      'that the proxy’s Host header knows, though it asks at an inner address',
      { Origin: SITE, Host: 'www.example.test' },
      'http://127.0.0.1:3000',
    ],
    [
      'that the browser calls same-origin, whatever the proxy calls the host',
      { Origin: SITE, 'Sec-Fetch-Site': 'same-origin' },
      'http://127.0.0.1:3000',
    ],
    [
      'that sends no referrer, whose beacons have no origin',
      { Origin: 'null', 'Sec-Fetch-Site': 'same-origin' },
      SITE,
    ],
    ['on the list', { Origin: LISTED }, SITE],
    ['on the list, on another subdomain', { Origin: LISTED, 'Sec-Fetch-Site': 'same-site' }, SITE],
  ])('%s', async (_, headers, url) => {
    expect(await statusOf(headers, url)).toBe(201);
  });
});

describe('403 for a page', () => {
  it.each([
    ['of another site', { Origin: 'https://evil.example' }, SITE],
    ['of a sibling that is not on the list', { Origin: 'https://blog.example.test' }, SITE],
    [
      'of a port that only begins like the scheme’s own',
      { Origin: 'http://localhost:8081' },
      'http://localhost:8082',
    ],
    ['of a port that only ends like it', { Origin: 'http://localhost:1080' }, 'http://localhost'],
    ['of a port that only begins with it', { Origin: 'http://localhost0' }, 'http://localhost:800'],
    ['of another port', { Origin: 'http://localhost:4601' }, 'http://localhost:4600'],
    ['whose host only ends like ours', { Origin: 'https://evilwww.example.test' }, SITE],
    ['whose host only begins like ours', { Origin: 'https://www.example.test.evil.example' }, SITE],
    [
      'of http, where the browser knows that ours is https',
      { Origin: 'http://www.example.test', 'Sec-Fetch-Site': 'cross-site' },
      SITE,
    ],
    ['in a sandbox, which has no origin', { Origin: 'null' }, SITE],
    ['that says nothing: a browser always names its origin when it posts', { Origin: undefined }, SITE],
    ['of a listed host by http', { Origin: 'http://app.example.test' }, SITE],
    [
      'that a forwarded host claims',
      { Origin: 'https://evil.example', 'X-Forwarded-Host': 'evil.example' },
      SITE,
    ],
  ])('%s', async (_, headers, url) => {
    const response = await post({ headers, url });
    expect(response.status).toBe(403);
    expect(await errorOf(response)).toBe('Pages of this origin may not post here; add it to allowedOrigins.');
    expect(response.headers.get('Access-Control-Allow-Origin')).toBeNull();
  });
});

describe('where a proxy rewrites the host, a page of a browser without Sec-Fetch-Site', () => {
  const INNER = 'https://relay.internal';
  const status = async (trustProxy: number | string, headers: Record<string, string>) =>
    (await post({ url: INNER, headers: { Origin: SITE, Host: 'relay.internal', ...headers } }, trustProxy))
      .status;

  it.each([
    [1, { 'X-Forwarded-Host': 'www.example.test' }],
    [1, { 'X-Forwarded-Host': 'evil.example, WWW.example.test:443' }],
    [2, { 'X-Forwarded-Host': 'www.example.test' }],
    [2, { 'X-Forwarded-Host': 'www.example.test, edge.internal' }],
    [1, { Forwarded: 'for=203.0.113.9;host=www.example.test;proto=https' }],
    [1, { Forwarded: 'for=8.8.8.8;host="evil.example", for="[2001:db8::1]";Host="www.example.test:443"' }],
  ])('may post behind %i that are trusted and say %j', async (trustProxy, headers) => {
    expect(await status(trustProxy, headers)).toBe(201);
  });

  it.each([
    [0, { 'X-Forwarded-Host': 'www.example.test' }],
    [0, { Forwarded: 'host=www.example.test' }],
    ['x-real-ip', { 'X-Forwarded-Host': 'www.example.test' }],
    ['x-forwarded-host', { 'X-Forwarded-Host': 'www.example.test' }],
    [1, { 'X-Forwarded-Host': 'www.example.test, other.example' }],
    [1, { 'X-Forwarded-Host': 'www.example.test,' }],
    [1, { 'X-Forwarded-Host': 'www.example.test:8443' }],
    [1, { Forwarded: 'host=www.example.test, for=203.0.113.9' }],
    [1, { Forwarded: 'for=203.0.113.9;by="host=www.example.test"' }],
    [1, { 'X-Forwarded-Host': 'www.example.test', 'Sec-Fetch-Site': 'cross-site' }],
    [1, {}],
  ])('may not where trustProxy is %j and the headers are %j', async (trustProxy, headers) => {
    expect(await status(trustProxy, headers)).toBe(403);
  });
});

describe('a page of a listed origin', () => {
  it('may read every answer, and its Retry-After', async () => {
    for (const [rest, status] of [
      [{}, 201],
      [{ body: '{' }, 400],
      [{ method: 'GET' }, 405],
      [{ headers: { 'Content-Type': 'text/html' } }, 415],
    ] as const) {
      const response = await post({
        ...rest,
        headers: { ...('headers' in rest && rest.headers), Origin: LISTED },
      });
      expect(response.status).toBe(status);
      expect(response.headers.get('Access-Control-Allow-Origin')).toBe(LISTED);
      expect(response.headers.get('Access-Control-Expose-Headers')).toBe('Retry-After');
      expect(response.headers.get('Access-Control-Allow-Credentials')).toBeNull();
      expect(response.headers.get('Vary')).toBe('Origin');
    }
  });

  it('may post JSON, and learns so for ten minutes', async () => {
    const response = await post({
      method: 'OPTIONS',
      body: undefined,
      headers: {
        Origin: LISTED,
        'Content-Type': undefined,
        'Access-Control-Request-Method': 'POST',
        'Access-Control-Request-Headers': 'content-type',
      },
    });
    expect(response.status).toBe(204);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'access-control-allow-origin': LISTED,
      'access-control-allow-methods': 'POST',
      'access-control-allow-headers': 'Content-Type',
      'access-control-max-age': '600',
    });
  });
});

it('a page of another origin is told 403 by the preflight too', async () => {
  const rest = { method: 'OPTIONS', body: undefined, headers: { Origin: 'https://evil.example' } };
  const response = await post(rest);
  expect(response.status).toBe(403);
  expect(response.headers.get('Access-Control-Allow-Origin')).toBeNull();
});

it('a page of the relay’s own origin needs no CORS headers, and no cache mixes the two up', async () => {
  const response = await post({});
  expect(response.headers.get('Access-Control-Allow-Origin')).toBeNull();
  expect(response.headers.get('Vary')).toBe('Origin');
});
