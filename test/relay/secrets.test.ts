import { afterAll, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import {
  APPLICATION_ID,
  hang,
  openServer,
  type Post,
  poster,
  type Rule,
  reset,
  respond,
  TOKEN,
} from './world.ts';

let upstream: Awaited<ReturnType<typeof openServer>>;
beforeAll(async () => {
  upstream = await openServer();
});
afterAll(() => upstream.close());

const METHODS = ['log', 'info', 'warn', 'error', 'debug', 'trace'] as const;
beforeEach(() => {
  for (const method of METHODS) vi.spyOn(console, method).mockImplementation(() => {});
  vi.spyOn(process.stdout, 'write');
  vi.spyOn(process.stderr, 'write');
});

/** An upstream that repeats all it was sent, in every place an answer has. */
const echo =
  (status: number): Rule =>
  (response, { headers, path }) => {
    const secrets = `${headers.authorization ?? ''} ${headers['x-moesif-application-id'] ?? ''} ${path}`;
    response.writeHead(status, secrets.trim(), {
      Location: `/${encodeURIComponent(secrets)}`,
      'X-Echo': secrets,
      'Retry-After': secrets,
      'WWW-Authenticate': secrets,
      'Set-Cookie': `echo=${encodeURIComponent(secrets)}`,
    });
    response.end(secrets);
  };

const RULES: [string, Rule][] = [
  ...[200, 201, 301, 307, 400, 401, 403, 404, 409, 429, 500, 503].map((status): [string, Rule] => [
    `echoes with ${status}`,
    echo(status),
  ]),
  ['hangs', hang],
  ['breaks off', reset],
  ['speaks no HTTP', response => response.socket?.end('HTTP/9.9 what?\r\n\r\n')],
  [
    'breaks off within the answer',
    response => response.writeHead(201, { 'Content-Length': '99' }).write('{'),
  ],
  ['answers as usual', respond(201)],
];

const POSTS: [string, Post][] = [
  ['/v1/users', { body: { user_id: 'u', metadata: { a: 1 } } }],
  ['/v1/users', { body: { user_id: '..' } }],
  ['/v1/actions', { body: { action_name: 'a', request: { uri: 'u' } } }],
  ['/v1/users', { body: '{' }],
  ['/v1/users', { method: 'GET' }],
  ['/v1/users', { method: 'OPTIONS' }],
  ['/v1/users', { body: {}, headers: { Origin: 'https://evil.example' } }],
  ['/nothing', { body: {} }],
];

it.each(RULES)(
  'an upstream that %s makes the relay tell no secret, neither to the page nor to a log',
  async (_, rule) => {
    upstream.rule = rule;
    const post = poster({
      applicationId: APPLICATION_ID,
      upstream: upstream.url,
      userCom: { baseUrl: upstream.url, token: TOKEN, createMissing: true },
      timeout: 200,
    });
    for (const [path, rest] of POSTS) {
      const response = await post(path, rest);
      const output = JSON.stringify([
        response.status,
        response.statusText,
        [...response.headers],
        response.url,
        await response.text(),
      ]);
      expect(output).not.toMatch(/nobody-may-see|nobody%2D|Token /);
    }
    expect(upstream.got.length).toBeGreaterThan(0);
    const printed = [...METHODS.map(method => console[method]), process.stdout.write, process.stderr.write];
    for (const print of printed)
      expect(JSON.stringify(vi.mocked(print).mock.calls)).not.toMatch(/nobody-may-see/);
    for (const method of METHODS) expect(console[method]).not.toHaveBeenCalled();
  },
);

it('a world without fetch is an upstream that can not be reached', async () => {
  vi.stubGlobal('fetch', (url: string, init: RequestInit) => {
    throw new TypeError(`cannot fetch ${url} with ${JSON.stringify(init.headers)}`);
  });
  const post = poster({ applicationId: APPLICATION_ID, userCom: { subdomain: 'acme', token: TOKEN } });
  const response = await post('/v1/users', { body: { user_id: 'u' } });
  vi.unstubAllGlobals();
  expect(response.status).toBe(503);
  expect(await response.json()).toEqual({ error: 'The Users API could not be reached; check its address.' });
});
