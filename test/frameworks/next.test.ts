import { createElement } from 'react';
import { renderToString } from 'react-dom/server';
import { createRelayRoute, readVisitor, UtmostScript } from 'utmost/next';
import * as server from 'utmost/server';
import { expect, it, vi } from 'vitest';
import { openServer } from '../relay/world.ts';

const record = (value: object) => Buffer.from(JSON.stringify({ v: 1, ...value })).toString('base64url');
const COOKIES = [
  { name: 'theme', value: 'dark; utmost_id=foreign' },
  { name: 'utmost_id', value: record({ anonymousId: 'visitor', domain: '' }) },
  {
    name: 'utmost_campaign',
    value: record({
      first: { campaign: { utm_source: 'spring' }, at: Date.now(), rule: 'campaign' },
      count: 1,
    }),
  },
];
const store = { getAll: () => COOKIES };

it('renders nothing on the server', () => {
  expect(renderToString(createElement(UtmostScript, { applicationId: 'app' }))).toBe('');
});

it.each([
  ['a promise of the cookies, as Next.js 15 gives it', Promise.resolve(store)],
  ['the cookies, as Next.js 14 and a middleware give them', store],
])('reads the visitor of %s', async (_, cookies) => {
  const visitor = await readVisitor(cookies);
  expect(visitor).toMatchObject({ anonymousId: 'visitor', campaign: { utm_source: 'spring' } });
  const header = COOKIES.slice(1).map(({ name, value }) => `${name}=${value}`);
  expect(visitor).toEqual(server.readVisitor(header.join('; ')));
});

it('reads with the page’s options', async () => {
  expect(await readVisitor(store, { consent: 'pending' })).toEqual({ consent: 'pending' });
});

it.each([
  ['the connection’s own address', {}, '', undefined],
  ['the header of Vercel on Vercel', {}, '1', '203.0.113.7'],
  ['what the options say on Vercel, too', { trustProxy: 'x-ip' }, '1', '203.0.113.8'],
])('passes on what a page posts to its route, with %s', async (_, options, vercel, address) => {
  vi.stubEnv('VERCEL', vercel);
  const api = await openServer();
  const { POST, OPTIONS } = createRelayRoute({ applicationId: 'app', upstream: api.url, ...options });
  const headers = {
    'Content-Type': 'text/plain',
    Origin: 'https://www.example.com',
    'X-Real-IP': '203.0.113.7',
    'X-IP': '203.0.113.8',
  };
  const url = 'https://www.example.com/t/v1/users';
  const body = JSON.stringify({ user_id: 'ada', sent_at: Date.now() });
  const answer = await POST(new Request(url, { method: 'POST', headers, body }), { params: {} });
  await api.close();
  vi.unstubAllEnvs();
  expect(answer.status).toBe(201);
  expect(api.got[0]?.body).toMatchObject({ user_id: 'ada' });
  expect(api.got[0]?.body.ip_address).toBe(address);
  expect((await OPTIONS(new Request(url, { method: 'OPTIONS', headers }))).status).toBe(204);
});

it('takes no wrong options', () => {
  expect(() => createRelayRoute({ applicationId: 'app', trustProxy: true as never })).toThrow(
    /trustProxy must be/,
  );
});
