import { createServer } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createNodeRelay } from '../../src/relay/node.ts';
import type { RelayOptions } from '../../src/relay.ts';
import { RECORDS, toCookie, toHeader } from '../server/cookies.ts';
import { APPLICATION_ID, listen, openServer, type Post, poster, respond, SITE } from './world.ts';

let api: Awaited<ReturnType<typeof openServer>>;
beforeAll(async () => {
  api = await openServer();
});
afterAll(() => api.close());
beforeEach(() => {
  api.rule = respond(201);
});

const { id, campaign } = RECORDS;
const cookies = toHeader({ id, campaign });
const DAYS_400 = 400 * 86_400;
const attributes = `Domain=example.com; Path=/; Max-Age=${DAYS_400}; SameSite=Lax; Secure`;
const RENEWED = [
  ...[toCookie('id', id), toCookie('campaign', campaign)].map(pair => `${pair}; ${attributes}`),
  `${toCookie('renewed', {})}; ${attributes.replace(`${DAYS_400}`, `${DAYS_400 / 2}`)}`,
];

const renew = { renew: true };
async function post(options: RelayOptions = renew, { headers, ...more }: Post = {}, path = '/v1/users') {
  const send = poster({ applicationId: APPLICATION_ID, upstream: api.url, ...options });
  const all = { Cookie: `other=1; ${cookies}`, ...headers };
  return send(path, { body: { user_id: 'ada' }, ...more, headers: all });
}
const linesOf = async (...given: Parameters<typeof post>) => (await post(...given)).headers.getSetCookie();

it('the answer to an update sets the visitor’s cookies again, as they are, for 400 days, and is kept by no cache', async () => {
  const { status, headers } = await post();
  expect(status).toBe(201);
  expect(headers.getSetCookie()).toEqual(RENEWED);
  expect(headers.get('Cache-Control')).toBe('no-store');
  expect(headers.getSetCookie().join()).not.toMatch(/HttpOnly/i);
});

it('it does so for every kind of update', async () => {
  const action = { action_name: 'a', request: { uri: SITE } };
  expect(await linesOf(renew, { body: action }, '/v1/actions')).toEqual(RENEWED);
  expect(await linesOf(renew, { body: [action] }, '/v1/actions/batch')).toEqual(RENEWED);
  expect(await linesOf(renew, { body: { company_id: 'c' } }, '/v1/companies')).toEqual(RENEWED);
});

describe('nothing is set', () => {
  it.each<[string, RelayOptions, Post]>([
    ['unless it is asked for', {}, {}],
    ['where that is off', { renew: false }, {}],
    ['without cookies', renew, { headers: { Cookie: undefined } }],
    [
      'without consent',
      renew,
      { headers: { Cookie: `${cookies}; ${toCookie('consent', { choice: 'denied' })}` } },
    ],
    ['for a tampered value', renew, { headers: { Cookie: `${toCookie('id', { ...id, userId: {} })}` } }],
    ['for a page of elsewhere', renew, { headers: { Origin: 'https://evil.example' } }],
    ['for an update that is refused', renew, { body: {} }],
    ['for a preflight', renew, { method: 'OPTIONS' }],
  ])('%s', async (_, options, how) => {
    const { headers } = await post(options, how);
    expect(headers.getSetCookie()).toEqual([]);
    expect(headers.get('Cache-Control')).toBeNull();
  });

  it.each([503, 429, 400])('where the API answers %i: the next attempt renews them', async status => {
    api.rule = respond(status);
    expect(await linesOf()).toEqual([]);
  });
});

describe('the domain', () => {
  it('is what the record says, the host alone included', async () => {
    const Cookie = toHeader({ id: { ...id, domain: '' } });
    const [line] = await linesOf(renew, { headers: { Cookie } });
    expect(line).toContain('; Path=/; Max-Age=');
    expect(line).not.toContain('Domain');
  });

  it('or that of the option, and a record of elsewhere stays as it is', async () => {
    expect(await linesOf({ renew: { domain: 'example.com' } })).toEqual(RENEWED);
    expect(await linesOf({ renew: { domain: 'example.org' } })).toEqual([]);
  });
});

describe('Secure', () => {
  const isSecure = async (how: Post, options: RelayOptions = renew) =>
    (await linesOf(options, how)).every(line => line.endsWith('; Secure'));
  const url = 'http://www.example.test';
  const sameOrigin = { 'Sec-Fetch-Site': 'same-origin' };

  it('goes by the page’s origin, also where a proxy ends TLS', async () => {
    expect(await isSecure({ url })).toBe(true);
    expect(await isSecure({ url, headers: { Origin: url } })).toBe(false);
  });

  it('goes by the request and a trusted proxy for a beacon that names no origin', async () => {
    const headers = { ...sameOrigin, Origin: 'null' };
    expect(await isSecure({ headers })).toBe(true);
    expect(await isSecure({ url, headers })).toBe(false);
    const behind = { url, headers: { ...headers, 'X-Forwarded-Proto': 'https' } };
    expect(await isSecure(behind)).toBe(false);
    expect(await isSecure(behind, { ...renew, trustProxy: 1 })).toBe(true);
    const standard = { url, headers: { ...headers, Forwarded: 'for=192.0.2.1;proto=https' } };
    expect(await isSecure(standard, { ...renew, trustProxy: 1 })).toBe(true);
  });

  it('is what the option says', async () => {
    expect(await isSecure({}, { renew: { secure: false } })).toBe(false);
  });
});

it('on Node each line is a header of its own, beside those of the site', async () => {
  const relay = createNodeRelay({ applicationId: APPLICATION_ID, upstream: api.url, renew: true });
  const server = await listen(
    createServer((request, response) => {
      response.setHeader('Set-Cookie', 'session=1');
      void relay(request, response);
    }),
  );
  const headers = {
    Origin: SITE,
    'Sec-Fetch-Site': 'same-origin',
    'Content-Type': 'text/plain',
    Cookie: cookies,
  };
  const answer = await fetch(`${server.url}/t/v1/users`, {
    method: 'POST',
    headers,
    body: '{"user_id":"ada"}',
  });
  expect(answer.headers.getSetCookie()).toEqual(['session=1', ...RENEWED]);
  await server.close();
});

it('a mistake in the option throws a sentence that tells the fix', () => {
  const create = (renew: unknown) => () => poster({ applicationId: 'app', renew } as RelayOptions);
  expect(create('yes')).toThrow(
    /renew must be true, or say where the cookies are, such as \{ domain: "example\.com" \}/,
  );
  expect(create(1)).toThrow(/renew must be/);
  expect(create({ maxAge: 1 })).toThrow(/maxAge is no option of renew; correct/);
});
