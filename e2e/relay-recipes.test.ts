import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { createContext, runInContext } from 'node:vm';
import { rollup } from 'rollup';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { freePort } from '../test/free-port.ts';
import { APPLICATION_ID, openServer, openUserCom, TOKEN } from '../test/relay/world.ts';
import { NGINX, NO_NGINX, startNginx } from './nginx.ts';
import {
  bun,
  deno,
  express,
  fastify,
  next,
  nginx,
  nginxCopies,
  node,
  nodeHttp,
  nuxt,
  recipes,
  svelteKit,
  userCom,
  worker,
} from './recipes.ts';

const path = (file: string) => fileURLToPath(new URL(file, import.meta.url));
let api: Awaited<ReturnType<typeof openServer>>;
let crm: Awaited<ReturnType<typeof openUserCom>>;
let folder: string;
let children: ChildProcess[] = [];
beforeAll(async () => {
  api = await openServer();
  crm = await openUserCom();
  // Below the package, so that its own name leads to what ships.
  mkdirSync(path('.artifacts'), { recursive: true });
  folder = mkdtempSync(path('.artifacts/recipes-'));
});
afterAll(async () => {
  await api.close();
  await crm.close();
  rmSync(folder, { recursive: true });
});
beforeEach(() => {
  api.got.length = 0;
});
afterEach(async () => {
  for (const child of children) {
    const isGone = child.exitCode !== null || new Promise(resolve => child.once('exit', resolve));
    child.kill();
    await isGone;
  }
  children = [];
});

/** Starts a program and waits until somebody answers at the port. */
async function start(port: number, program: string, args: string[], env: Record<string, string> = {}) {
  const child = spawn(program, args, {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  children.push(child);
  await listening(port);
  return port;
}

/** Waits until the relay answers at the port. */
const listening = (port: number) =>
  expect.poll(() => post(port).catch(() => undefined), { interval: 100 }).toMatchObject({ status: 403 });

/** Starts the Node recipe, with this test's server in place of the Users API. */
async function startNode(options: string, code = node) {
  const file = join(folder, `${Math.random()}.mjs`);
  writeFileSync(
    file,
    code.replace(/create\w*Relay\({/, found => `${found} upstream: '${api.url}', ${options}`),
  );
  const port = await freePort();
  const env = { PORT: `${port}`, APPLICATION_ID, USER_COM_TOKEN: TOKEN };
  return start(port, process.execPath, [file], env);
}

/** Posts what a browser at 127.0.0.2 sends. */
function post(
  port: number,
  headers: Record<string, string> = {},
  body: object = { user_id: 'ada' },
  host = '127.0.0.1',
) {
  return new Promise<{ status: number | undefined; body: string }>((resolve, reject) => {
    request(
      {
        host,
        port,
        path: '/t/v1/users',
        method: 'POST',
        localAddress: process.platform === 'linux' ? '127.0.0.2' : undefined,
        timeout: 10_000,
        headers: { Host: 'www.example.test', 'Content-Type': 'text/plain', ...headers },
      },
      async response => resolve({ status: response.statusCode, body: await text(response) }),
    )
      .on('error', reject)
      .end(JSON.stringify(body));
  });
}

const OURS = { Origin: 'https://www.example.test', 'User-Agent': 'Firefox', 'X-Forwarded-For': '8.8.8.8' };
const VISITOR = process.platform === 'linux' ? '127.0.0.2' : '127.0.0.1';

test('docs/relay.md and docs/user-com.md have these recipes, and no other', () => {
  expect(recipes).toEqual([
    ...[node, nginx, express, fastify, nodeHttp, worker, deno, bun, next, nuxt, svelteKit],
    nginxCopies,
    userCom,
  ]);
});

test('each recipe that stands behind nginx listens on loopback', () => {
  for (const code of [node, express, fastify, nodeHttp, deno, bun]) expect(code).toContain("'127.0.0.1'");
});

test('Node: the recipe relays, with the address of the connection', async () => {
  const port = await startNode('');
  expect(await post(port, OURS)).toEqual({ status: 201, body: '{}' });
  expect(api.got).toMatchObject([
    { path: '/v1/users', body: { user_id: 'ada', ip_address: VISITOR, user_agent_string: 'Firefox' } },
  ]);
  expect(api.got[0]?.headers['x-moesif-application-id']).toBe(APPLICATION_ID);
  expect((await post(port, { Origin: 'https://evil.example' })).status).toBe(403);
  expect((await post(port, OURS, { user_id: 'x', metadata: { a: 'x'.repeat(2 ** 20) } })).status).toBe(413);
});

test.runIf(process.platform === 'linux')(
  'Node: the recipe listens where nobody but a proxy on the same machine reaches it',
  async () => {
    const port = await startNode('');
    await expect(post(port, OURS, undefined, '127.0.0.3')).rejects.toThrow(/ECONNREFUSED/);
  },
);

test('Node’s own server: the recipe relays, before and behind what parses bodies', async () => {
  const first = await startNode('', nodeHttp);
  expect(await post(first, OURS)).toEqual({ status: 201, body: '{}' });
  const parsing = `import { json } from 'node:stream/consumers';\n${nodeHttp}`.replace(
    'createServer(relay)',
    'createServer(async (incoming, outgoing) => { incoming.body = await json(incoming); await relay(incoming, outgoing); })',
  );
  const second = await startNode('', parsing);
  expect(await post(second, OURS)).toEqual({ status: 201, body: '{}' });
  expect(api.got).toMatchObject([1, 2].map(() => ({ body: { user_id: 'ada', ip_address: VISITOR } })));
  const reading = await startNode('', parsing.replace('incoming.body = ', ''));
  expect((await post(reading, OURS)).status).toBe(500);
});

test('User.com: the recipe brings a user there as well', async () => {
  const [original = ''] = /^const relay = .*$/m.exec(node) ?? [];
  const code = node.replace(original, userCom).replace("subdomain: 'acme'", `baseUrl: '${crm.url}'`);
  expect(code).toContain('USER_COM_TOKEN');
  const port = await startNode('', code);
  const body = { user_id: 'ada', campaign: { utm_source: 'news' }, metadata: { name: 'Ada Holm' } };
  expect(await post(port, OURS, body)).toEqual({ status: 201, body: '{}' });
  expect(api.got).toMatchObject([{ body }]);
  expect(await crm.user('ada')).toMatchObject({
    name: 'Ada Holm',
    attributes: [{ name: 'utm_source', value: 'news' }],
  });
});

test('Cloudflare Workers: the recipe runs where there is nothing but the web’s own globals', async () => {
  const bundle = await rollup({
    input: 'worker',
    plugins: [
      {
        name: 'recipe',
        resolveId: id => (id === 'worker' ? id : id === 'utmost/relay' ? path('../dist/relay.js') : null),
        load: id =>
          id === 'worker' ? worker.replace('createRelay({', `createRelay({ upstream: '${api.url}',`) : null,
      },
    ],
  });
  const { output } = await bundle.generate({ format: 'iife', name: 'worker' });
  const globals = { AbortSignal, fetch, Headers, Request, Response, TextDecoder, URL };
  const waiting: Promise<unknown>[] = [];
  const { fetch: handle } = runInContext(`${output[0].code}; worker`, createContext(globals));
  const incoming = new Request('https://www.example.test/t/v1/users', {
    method: 'POST',
    headers: { ...OURS, 'Content-Type': 'text/plain', 'CF-Connecting-IP': '203.0.113.9' },
    body: '{"user_id":"ada"}',
  });
  const context = { waitUntil: (promise: Promise<unknown>) => waiting.push(promise) };
  const response: Response = await handle(incoming, { APPLICATION_ID }, context);
  expect(response.status).toBe(201);
  expect(waiting).toHaveLength(1);
  expect(api.got).toMatchObject([{ body: { user_id: 'ada', ip_address: '203.0.113.9' } }]);
});

test('nginx is there, where it has to be: on a machine of continuous integration', () => {
  if (process.env.CI) expect(NGINX).toBeDefined();
  if (!NGINX) console.warn(NO_NGINX);
});
test.skipIf(!NGINX)(
  'nginx: behind the recipe, the visitor is whom nginx saw, whatever the visitor claims',
  async () => {
    const behind = await startNode('trustProxy: 1, ');
    const port = await freePort();
    const location = nginx.replace('127.0.0.1:3000', `127.0.0.1:${behind}`);
    const stop = startNginx(`server { listen 127.0.0.1:${port}; ${location} }`);
    try {
      await listening(port);
      expect(await post(port, OURS)).toEqual({ status: 201, body: '{}' });
      expect(api.got.map(({ body }) => body.ip_address)).toEqual([VISITOR]);
      const large = { user_id: 'large', metadata: { a: 'x'.repeat(2 ** 20 - 100) } };
      expect((await post(port, OURS, large)).status).toBe(201);
      expect((await post(port, { Origin: 'https://evil.example' })).status).toBe(403);
    } finally {
      await stop();
    }
  },
);
