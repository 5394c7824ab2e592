import { randomBytes } from 'node:crypto';
import type { Hono } from 'hono';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createCollector } from '../../../demo/collector/app.ts';
import { openQueue, type Queue, QueueError } from '../../../demo/collector/queue/queue.ts';
import { freePort } from '../../free-port.ts';
import { READ_TOKEN } from '../collector-processes.ts';
import { findNats, type NatsServers, startNats } from '../nats-server.ts';

const program = findNats();
if (!program)
  console.warn(
    '\n!!! SKIPPED: the stream of the collector. There is no nats-server: apt-get install nats-server\n',
  );

let servers: NatsServers;
let queue: Queue;
let app: Hono;

// An ingest, without a database: what it takes in stays in the stream.
beforeAll(async () => {
  if (!program) return;
  servers = await startNats(program, 1);
  queue = await openQueue({ url: servers.url, maxBytes: 3_000_000 });
  app = createCollector({ queue, readToken: READ_TOKEN });
});
afterAll(async () => {
  await queue?.close();
  await servers?.stop();
});

const post = (path: string, body: unknown) =>
  app.request(path, {
    method: 'POST',
    headers: { 'X-Moesif-Application-Id': 'a' },
    body: JSON.stringify(body),
  });
const waiting = async () => (await queue.stream.depth()).messages;

it.skipIf(!program)(
  'an ingest answers 202 for what is in the stream, and 400 at once for a wrong body',
  async () => {
    const action = { action_name: 'Ordered', user_id: 'u', request: { uri: 'https://shop.example/' } };
    for (const [path, body] of [
      ['/v1/users', { user_id: 'u' }],
      ['/v1/companies', { company_id: 'c' }],
      ['/v1/actions', action],
      ['/v1/users/batch', [{ user_id: 'u' }, { anonymous_id: 'v' }]],
    ] as const) {
      const before = await waiting();
      const answer = await post(path, body);
      expect([answer.status, await answer.json()], path).toEqual([202, { queued: true }]);
      expect(await waiting(), path).toBe(before + 1);
    }
    const before = await waiting();
    const wrong = await post('/v1/users/batch', [{ user_id: 'u' }, { user_id: 3 }]);
    expect([wrong.status, await wrong.json()]).toMatchObject([400, { index: 1, field: 'user_id' }]);
    expect(await waiting()).toBe(before);
  },
);

it.skipIf(!program)(
  'what a sender repeats is stored once where it names its time, else each time',
  async () => {
    const before = await waiting();
    const dated = { user_id: 'u', modified_time: '2026-01-01T00:00:00.000Z' };
    expect((await post('/v1/users', dated)).status).toBe(202);
    expect((await post('/v1/users', dated)).status).toBe(202);
    expect(await waiting()).toBe(before + 1);
    await post('/v1/users', { user_id: 'u' });
    await post('/v1/users', { user_id: 'u' });
    expect(await waiting()).toBe(before + 3);
  },
);

it.skipIf(!program)('deleting needs the secret and an application, and its health does not', async () => {
  const remove = (query: string, headers = {}) =>
    app.request(`/v1/users?${query}`, { method: 'DELETE', headers });
  const secret = { Authorization: `Bearer ${READ_TOKEN}`, Host: 'localhost' };
  expect((await remove('application_id=a&user_id=u')).status).toBe(401);
  expect((await remove('user_id=u', secret)).status).toBe(400);
  expect((await remove('application_id=a&user_id=u', secret)).status).toBe(202);
  const before = await waiting();
  const company = await app.request('/v1/companies?application_id=a&company_id=c', {
    method: 'DELETE',
    headers: secret,
  });
  expect([company.status, await company.json()]).toEqual([202, { queued: true }]);
  expect(await waiting()).toBe(before + 1);
  const health = await app.request('/health');
  expect(await health.json()).toMatchObject({
    status: 'ok',
    queue: { messages: await waiting(), max_bytes: 3_000_000, replicas: 1 },
    worker: null,
  });
  expect((await app.request('/profiles', { headers: secret })).status).toBe(404);
});

it.skipIf(!program)(
  'what arrives while the queue starts again waits for it, and is refused for nothing',
  async () => {
    const before = await waiting();
    await servers.kill(0);
    const answers = Array.from({ length: 20 }, (_, n) => post('/v1/users', { user_id: `u${n}` }));
    await servers.start(0);
    for (const answer of answers) expect((await answer).status).toBe(202);
    expect(await waiting()).toBe(before + 20);
  },
);

it.skipIf(!program)(
  'an item larger than a message is a 413, and a full stream a 503 with Retry-After',
  async () => {
    const text = (bytes: number) => randomBytes(bytes / 2).toString('hex');
    const large = await post('/v1/users', { user_id: 'u', metadata: { text: text(1_045_000) } });
    expect(large.status).toBe(413);
    let answer: Response;
    let stored = await waiting();
    do {
      answer = await post('/v1/users', { user_id: 'u', metadata: { text: text(900_000) } });
      stored += answer.status === 202 ? 1 : 0;
    } while (answer.status === 202);
    expect([answer.status, answer.headers.get('Retry-After')]).toEqual([503, '1']);
    expect(await answer.text()).toContain('The queue is full');
    // What was acknowledged is there still.
    expect(await waiting()).toBe(stored);
  },
);

it.skipIf(!program)('a queue that can not be reached is told in a sentence', async () => {
  const opened = openQueue({ url: `nats://127.0.0.1:${await freePort()}` });
  await expect(opened).rejects.toBeInstanceOf(QueueError);
  await expect(opened).rejects.toThrow(/QUEUE_URL.*nats-server/);
});
