import { describe, expect, it } from 'vitest';
import type { HttpError } from '../../../../demo/collector/http-error.ts';
import { Access } from '../../../../demo/collector/routes/access.ts';
import { createSignIn } from '../../../../demo/sign-in.ts';
import { errorOf, READ_TOKEN, useCollector } from '../use-collector.ts';

const HOSTS = ['Stats.Example.com'];
const collector = useCollector({ hosts: HOSTS });
const signIn = createSignIn(new Access({ readToken: READ_TOKEN, hosts: HOSTS })).onError((error, c) =>
  c.text(error.message, (error as HttpError).status),
);

const READING = [
  '/profiles',
  '/profile?user_id=u',
  '/timeline?user_id=u',
  '/companies?company_id=c',
  '/campaigns',
  '/conversions?platform=google&action=a&from=2026-01-01&to=2026-01-01',
  '/export?user_id=u',
  '/events',
];
const PATHS: [string, string][] = [
  ...READING.map((path): [string, string] => ['GET', path]),
  ['DELETE', '/v1/users?user_id=u'],
];

const ask = (method: string, path: string, headers: Record<string, string>) =>
  collector.request(path, { method, headers });

describe.each(PATHS)('%s %s', (method, path) => {
  const status = async (headers: Record<string, string>) => {
    const answer = await ask(method, path, headers);
    await answer.body?.cancel();
    return answer.status;
  };

  it('needs the token, as a header or as the cookie', async () => {
    for (const Authorization of ['', 'Bearer', 'Bearer ', `Basic ${READ_TOKEN}`, `Bearer ${READ_TOKEN}x`]) {
      const answer = await ask(method, path, { Authorization });
      expect(answer.status, Authorization).toBe(401);
      expect(answer.headers.get('WWW-Authenticate')).toMatch(/^Bearer /);
      expect(await errorOf(answer)).toMatch(/READ_TOKEN.*link/);
    }
    expect(await status({ Authorization: '', Cookie: `utmost_read_default=${READ_TOKEN}` })).toBe(401);
    expect(await status({ Authorization: `bearer ${READ_TOKEN}` })).not.toBe(401);
  });

  it('is refused by any name that is not the collector’s own', async () => {
    for (const Host of [
      'evil.example',
      'evil.example:4600',
      'localhost.evil.example',
      '127.0.0.1.evil.example',
      'localhost@evil.example',
      'evil.example#localhost',
      '0.0.0.0:4600',
      '[::ffff:10.0.0.1]',
      '169.254.169.254',
      'example.com',
      'x.stats.example.com',
      'stats.example.com.evil.example',
      'local host',
    ]) {
      expect(await status({ Host }), Host).toBe(403);
    }
    for (const Host of [
      'localhost',
      'LOCALHOST:1',
      'localhost.:4600',
      '127.0.0.1:4600',
      '127.9.9.9',
      '[::1]:4600',
      'stats.example.com',
      'stats.example.com:8443',
    ]) {
      expect(await status({ Host }), Host).not.toBe(403);
    }
  });

  it('is refused to pages of other origins, whatever they bring', async () => {
    const Host = 'localhost:4600';
    for (const Origin of [
      'https://evil.example',
      'null',
      '',
      'http://localhost:3000',
      'http://localhost:4600.evil.example',
    ])
      expect(await status({ Host, Origin }), Origin).toBe(403);
    for (const site of ['cross-site', 'same-site'])
      expect(await status({ Host, 'Sec-Fetch-Site': site }), site).toBe(403);
    for (const headers of [
      { Origin: 'http://localhost:4600' },
      { Origin: 'https://stats.example.com' },
      { 'Sec-Fetch-Site': 'same-origin' },
      { 'Sec-Fetch-Site': 'none' },
    ]) {
      expect(await status({ Host, ...headers } as Record<string, string>), JSON.stringify(headers)).not.toBe(
        403,
      );
    }
  });

  it('is kept in no cache, and run in no page', async () => {
    const answer = await ask(method, path, {});
    await answer.body?.cancel();
    expect(answer.headers.get('Access-Control-Allow-Origin')).toBeNull();
    if (answer.ok) expect(answer.headers.get('Cache-Control')).toBe('no-store');
    if (method === 'GET') {
      expect(answer.headers.get('Content-Security-Policy')).toContain("default-src 'none'");
      expect(answer.headers.get('X-Content-Type-Options')).toBe('nosniff');
    }
  });
});

it('HEAD is guarded alike, and begins no answer that nobody reads', async () => {
  for (const path of READING) {
    expect((await ask('HEAD', path, { Authorization: '' })).status).toBe(401);
    const answer = await ask('HEAD', path, {});
    expect(answer.status, path).toBeLessThan(500);
    expect(answer.body).toBeNull();
  }
});

it('sending needs no token, and may come from any page', async () => {
  const answer = await collector.request('/v1/users', {
    method: 'POST',
    headers: {
      Authorization: '',
      Host: 'collector.example',
      Origin: 'https://www.example.com',
      'Sec-Fetch-Site': 'cross-site',
      'X-Moesif-Application-Id': 'a',
    },
    body: '{"user_id": "u"}',
  });
  expect(answer.status).toBe(201);
});

describe('signing in', () => {
  const cookieOf = (answer: Response) => answer.headers.get('Set-Cookie') ?? '';

  it('by the link leads to the address without the token, with a cookie that reads', async () => {
    const path = `/dashboard/?token=${READ_TOKEN}&application_id=a`;
    const answer = await signIn.request(path, { headers: { Host: 'localhost:4600' } });
    expect(answer.status).toBe(302);
    expect(answer.headers.get('Location')).toBe('/dashboard/?application_id=a');
    expect(answer.headers.get('Cache-Control')).toBe('no-store');
    expect(answer.headers.get('Referrer-Policy')).toBe('no-referrer');
    const cookie = cookieOf(answer);
    expect(cookie).toMatch(
      /^utmost_read_4600=[\da-f]{64}; Max-Age=2592000; Path=\/; HttpOnly; SameSite=Strict$/,
    );
    expect(cookie).not.toContain(READ_TOKEN);
    const headers = { Authorization: '', Cookie: `other=1; ${cookie.split(';')[0]}` };
    expect((await ask('GET', '/profiles', { ...headers, Host: 'localhost:4600' })).status).toBe(200);
    // Another port may have another collector.
    expect((await ask('GET', '/profiles', { ...headers, Host: 'localhost:4601' })).status).toBe(401);
  });

  it('keeps the cookie to TLS where there is some', async () => {
    const headers = { Host: 'stats.example.com', 'X-Forwarded-Proto': 'https' };
    const answer = await signIn.request(`/dashboard?token=${READ_TOKEN}`, { headers });
    expect(answer.headers.get('Location')).toBe('/dashboard/');
    expect(cookieOf(answer)).toMatch(/^utmost_read_default=.*; Secure/);
  });

  it('by a wrong link sets no cookie, and says so in the address', async () => {
    const answer = await signIn.request('/dashboard/?token=wrong');
    expect(answer.headers.get('Location')).toBe('/dashboard/?refused=1');
    expect(cookieOf(answer)).toBe('');
  });

  it('by a typed token, and out again', async () => {
    const post = (body: string, headers: Record<string, string> = {}) =>
      signIn.request('/dashboard/session', {
        method: 'POST',
        body,
        headers: { 'Content-Length': `${body.length}`, ...headers },
      });
    expect(cookieOf(await post(READ_TOKEN))).toMatch(/^utmost_read_default=/);
    expect((await post('wrong')).status).toBe(401);
    expect((await post('x'.repeat(5000))).status).toBe(401);
    expect((await post(READ_TOKEN, { Origin: 'https://evil.example' })).status).toBe(403);
    const out = await signIn.request('/dashboard/session', { method: 'DELETE' });
    expect(cookieOf(out)).toMatch(/Max-Age=0/);
  });

  it('is not offered under a foreign name', async () => {
    const answer = await signIn.request(`/dashboard/?token=${READ_TOKEN}`, {
      headers: { Host: 'evil.example' },
    });
    expect(answer.status).toBe(403);
    expect(await answer.text()).toMatch(/HOSTS/);
    expect(cookieOf(answer)).toBe('');
  });
});

it('a collector without a secret is none', () => {
  expect(() => new Access({ readToken: '' })).toThrow(/readToken/);
  expect(() => new Access({ readToken: 'x', hosts: ['https://x.example/'] })).toThrow(/host name/);
});
