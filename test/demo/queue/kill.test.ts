import { afterAll, beforeAll, expect, it } from 'vitest';
import { openPostgres } from '../../../demo/collector/database/postgres.ts';
import { findNats, type NatsServers, startNats } from '../nats-server.ts';
import { findPostgres, type PostgresServer, startPostgres } from '../postgres-server.ts';
import { type CollectorProcess, READ_TOKEN, startProcess, until } from './processes.ts';
import { ANONYMOUS, APPLICATION, Senders } from './senders.ts';

/** `npm run test:collector` runs all of it at full size: three nodes, and each is killed several times. */
const isFullSize = process.env.FULL_SIZE === '1';
const NODES = isFullSize ? 3 : 1;
const SENDERS = isFullSize ? 48 : 12;
/** Updates between two blows. */
const STEP = isFullSize ? 500 : 60;
/** The most rounds of blows, and milliseconds after which no further one begins. */
const ROUNDS = isFullSize ? 6 : 1;
const BUDGET = 300_000;

const nats = findNats();
const postgres = findPostgres();
const lacking = [!nats && 'nats-server', !postgres && 'postgresql'].filter(Boolean).join(' ');
if (lacking)
  console.warn(
    `\n!!! SKIPPED: the collector with a queue. It needs Debian's ${lacking}: apt-get install ${lacking}\n`,
  );

let queue: NatsServers;
let database: PostgresServer;
let ingests: CollectorProcess[];
let workers: CollectorProcess[];

beforeAll(async () => {
  if (lacking) return;
  [queue, database] = await Promise.all([
    startNats(nats as string, NODES),
    startPostgres(postgres as string),
  ]);
  const env = { QUEUE_URL: queue.url, DATABASE_URL: database.url };
  const start = (role: 'ingest' | 'worker', count: number) =>
    Promise.all(Array.from({ length: count }, () => startProcess(role, env)));
  [ingests, workers] = await Promise.all([start('ingest', isFullSize ? 2 : 1), start('worker', 2)]);
});

afterAll(async () => {
  await Promise.all([...(ingests ?? []), ...(workers ?? [])].map(one => one.kill()));
  await queue?.stop();
  await database?.stop();
});

/** Reads the numbers of a person's updates in the order in which they were written. */
async function readNumbers(): Promise<Map<string, number[]>> {
  const connection = openPostgres({ url: database.url });
  try {
    const { rows } = await connection.query<{ name: string; numbers: number[] }>(
      `select replace(id, 'visitor-', '') as name,
         json_agg((body->'metadata'->>'n')::int order by kind, entry_id) as numbers
       from updates where application_id = $1 group by 1`,
      [APPLICATION],
    );
    return new Map(rows.map(({ name, numbers }) => [name, numbers]));
  } finally {
    await connection.close();
  }
}

async function count(table: string): Promise<number> {
  const connection = openPostgres({ url: database.url });
  const { rows } = await connection.query<{ count: number }>(`select count(*)::int as count from ${table}`);
  await connection.close();
  return rows[0]?.count ?? 0;
}

const waiting = async () => (await ingests[0]?.health())?.queue.messages;

/** Returns the worker that writes the application's part of the stream. */
async function activeWorker(): Promise<CollectorProcess> {
  for (;;) {
    for (const worker of workers) {
      if ((await worker.health())?.worker?.partitions.length) return worker;
    }
  }
}

it.skipIf(lacking)(
  'every acknowledged update is there once and in order, whoever is killed meanwhile',
  { timeout: isFullSize ? 590_000 : 120_000 },
  async () => {
    const senders = new Senders(ingests.map(({ url }) => url));
    const begin = performance.now();
    const names = Array.from({ length: SENDERS }, (_, index) => `user-${index}`);
    const sending = names.map((name, index) => senders.run(name, index % 2 === 0));
    const acknowledge = async (updates: number) => {
      const goal = senders.count + updates;
      await until(() => senders.count >= goal);
    };
    const blows: [string, () => Promise<void>][] = [
      [
        'a worker',
        async () => {
          const worker = await activeWorker();
          await worker.kill();
          await acknowledge(STEP);
          await worker.start();
        },
      ],
      [
        'PostgreSQL',
        async () => {
          await database.halt();
          await acknowledge(STEP);
          await database.resume();
        },
      ],
      [
        'an ingest',
        async () => {
          const ingest = ingests[0] as CollectorProcess;
          await ingest.kill();
          await ingest.start();
        },
      ],
      [
        'a node of the queue',
        async () => {
          const node = Math.floor(Math.random() * NODES);
          await queue.kill(node);
          if (NODES > 1) await acknowledge(STEP);
          await queue.start(node);
        },
      ],
    ];
    await acknowledge(STEP);
    let struck = 0;
    for (let round = 1; round <= ROUNDS && performance.now() - begin < BUDGET; round++) {
      for (const [what, strike] of blows) {
        await strike();
        struck++;
        await acknowledge(STEP);
        if (isFullSize)
          console.log(
            `round ${round}, ${what}: ${senders.count} acknowledged, ${await waiting()} wait in the queue`,
          );
      }
    }
    senders.end();
    await Promise.all(sending);
    const acknowledged = performance.now();
    await until(async () => (await waiting()) === 0);
    const written = performance.now();

    const stored = await readNumbers();
    let repeated = 0;
    for (const [index, name] of names.entries()) {
      const sent = senders.acknowledged.get(name) ?? [];
      const there = stored.get(name) ?? [];
      const acknowledgedThere = there.filter(n => sent.includes(n));
      // All of them, none twice, and as they were sent. One without an answer may be there, too, and come late.
      expect(acknowledgedThere, name).toEqual(sent);
      expect(new Set(there).size, name).toBe(there.length);
      expect(there.slice(0, ANONYMOUS)).toEqual([1, 2, 3]);
      repeated += index % 2 === 0 ? there.length - sent.length : 0;
    }
    // At most the last one of each, which had no answer when the senders ended.
    expect(repeated).toBeLessThanOrEqual(SENDERS);
    expect(await count('actions')).toBeGreaterThanOrEqual(senders.actions.size);
    console.log(
      `${senders.count} acknowledged updates of ${SENDERS} senders are there once and in order (${NODES} node${NODES > 1 ? 's' : ''}, ${struck} blows, ` +
        `${Math.round((1000 * senders.count) / (acknowledged - begin))} a second), the last ${Math.round(written - acknowledged)} ms after its answer`,
    );
    for (const worker of workers) expect((await worker.health())?.worker?.refused ?? 0).toBe(0);
  },
);

it.skipIf(lacking)(
  'a deletion holds for the updates that wait before it, and for none after it',
  async () => {
    const [ingest] = ingests as [CollectorProcess];
    const headers = { 'X-Moesif-Application-Id': 'deletion', Authorization: `Bearer ${READ_TOKEN}` };
    const post = async (body: object) =>
      (await fetch(`${ingest.url}/v1/users`, { method: 'POST', headers, body: JSON.stringify(body) })).status;
    await database.halt();
    expect(await post({ anonymous_id: 'laptop', metadata: { before: true } })).toBe(202);
    expect(await post({ anonymous_id: 'laptop', user_id: 'ada' })).toBe(202);
    expect(await post({ anonymous_id: 'other' })).toBe(202);
    const query = new URLSearchParams({ application_id: 'deletion', user_id: 'ada' });
    const answer = await fetch(`${ingest.url}/v1/users?${query}`, { method: 'DELETE', headers });
    expect([answer.status, await answer.json()]).toEqual([202, { queued: true }]);
    expect(await post({ user_id: 'ada', metadata: { after: true } })).toBe(202);
    await database.resume();
    await until(async () => (await waiting()) === 0);
    const connection = openPostgres({ url: database.url });
    const { rows } = await connection.query(
      `select kind, id, metadata from profiles where application_id = 'deletion' order by kind`,
    );
    const { rows: updates } = await connection.query(
      `select kind, id from updates where application_id = 'deletion' order by kind`,
    );
    await connection.close();
    expect(rows).toEqual([
      { kind: 'anonymous', id: 'other', metadata: {} },
      { kind: 'user', id: 'ada', metadata: { after: true } },
    ]);
    expect(updates).toEqual([
      { kind: 'anonymous', id: 'other' },
      { kind: 'user', id: 'ada' },
    ]);
  },
);

it.skipIf(lacking || !isFullSize)('one worker writes what has waited', { timeout: 240_000 }, async () => {
  const [ingest] = ingests as [CollectorProcess];
  const [first, ...others] = workers as [CollectorProcess, CollectorProcess];
  await Promise.all(workers.map(worker => worker.kill()));
  const users = 20_000;
  const begin = performance.now();
  for (let from = 0; from < users; from += 100) {
    const items = Array.from({ length: 100 }, (_, index) => ({
      user_id: `waiting-${from + index}`,
      anonymous_id: `browser-${from + index}`,
      campaign: { utm_source: 'news', utm_medium: 'email' },
      metadata: { email: `${from + index}@example.com`, plan: 'free' },
    }));
    const answer = await fetch(`${ingest.url}/v1/users/batch`, {
      method: 'POST',
      headers: { 'X-Moesif-Application-Id': 'backlog' },
      body: JSON.stringify(items),
    });
    expect(answer.status).toBe(202);
  }
  const queued = performance.now();
  await first.start();
  await until(async () => (await first.health())?.worker?.partitions.length !== 0);
  const started = performance.now();
  await until(async () => (await count(`profiles where application_id = 'backlog'`)) === 2 * users);
  const written = performance.now();
  const rate = (from: number, to: number) => Math.round((1000 * users) / (to - from));
  console.log(
    `${users} updates: taken in at ${rate(begin, queued)} a second, written at ${rate(started, written)} by one worker`,
  );
  await Promise.all(others.map(worker => worker.start()));
});
