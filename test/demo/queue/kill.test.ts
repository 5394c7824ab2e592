import { expect, it } from 'vitest';
import { type DatabaseServers, failOver } from '../cluster/servers.ts';
import { type CollectorProcess, READ_TOKEN, until } from '../collector-processes.ts';
import { isFullSize } from '../full-size.ts';
import { ANONYMOUS, APPLICATION, Senders } from './senders.ts';
import { lacking, useQueue } from './use-queue.ts';

const NODES = isFullSize ? 3 : 1;
const SENDERS = isFullSize ? 48 : 12;
/** Updates between two blows. */
const STEP = isFullSize ? 500 : 60;
/** The most rounds of blows, and milliseconds after which no further one begins. */
const ROUNDS = isFullSize ? 6 : 1;
const BUDGET = 300_000;

const world = useQueue(NODES, isFullSize ? 2 : 1);
const names = Array.from({ length: SENDERS }, (_, index) => `user-${index}`);

/** What befalls each part of the whole in a round, while it is under load. `acknowledge` waits for more updates. */
const blows = (acknowledge: () => Promise<void>): [string, () => Promise<void>][] => [
  [
    'a worker',
    async () => {
      const worker = await world.activeWorker();
      await worker.kill();
      await acknowledge();
      await worker.start();
    },
  ],
  [
    'PostgreSQL',
    async () => {
      await world.primary.halt();
      await acknowledge();
      await world.primary.resume();
    },
  ],
  [
    'an ingest',
    async () => {
      const [ingest] = world.ingests as [CollectorProcess];
      await ingest.kill();
      await ingest.start();
    },
  ],
  [
    'a node of the queue',
    async () => {
      const node = Math.floor(Math.random() * NODES);
      await world.queue.kill(node);
      if (NODES > 1) await acknowledge();
      await world.queue.start(node);
    },
  ],
  ...replicated(servers => failOver(servers, acknowledge)),
];

const replicated = (strike: (servers: DatabaseServers) => Promise<void>): [string, () => Promise<void>][] => {
  const servers = world.replicated;
  return servers ? [['the primary, and its replica promoted', () => strike(servers)]] : [];
};

/** Reads the numbers of each person's updates in the order in which they were written. */
async function readNumbers(): Promise<Map<string, number[]>> {
  const rows = await world.read<{ name: string; numbers: number[] }>(
    `select replace(id, 'visitor-', '') as name,
       json_agg((body->'metadata'->>'n')::int order by kind, entry_id) as numbers
     from updates where application_id = $1 group by 1`,
    APPLICATION,
  );
  return new Map(rows.map(({ name, numbers }) => [name, numbers]));
}

async function check(senders: Senders): Promise<void> {
  const stored = await readNumbers();
  let repeated = 0;
  for (const [index, name] of names.entries()) {
    const sent = senders.acknowledged.get(name) ?? [];
    const there = stored.get(name) ?? [];
    const known = new Set(sent);
    // All of them, none twice, and as they were sent. One without an answer may be there, too, and come late.
    expect(
      there.filter(n => known.has(n)),
      name,
    ).toEqual(sent);
    expect(new Set(there).size, name).toBe(there.length);
    expect(there.slice(0, ANONYMOUS)).toEqual([1, 2, 3]);
    repeated += index % 2 === 0 ? there.length - sent.length : 0;
  }
  // At most the last one of each, which had no answer when the senders ended.
  expect(repeated).toBeLessThanOrEqual(SENDERS);
  const actions = await world.read<{ id: string }>('select transaction_id as id from actions');
  const there = new Set(actions.map(({ id }) => id));
  expect([...senders.actions].filter(id => !there.has(id))).toEqual([]);
  for (const worker of world.workers) expect((await worker.health())?.worker?.refused ?? 0).toBe(0);
}

it.skipIf(lacking)(
  'every acknowledged update is there once and in order, whoever is killed meanwhile',
  { timeout: isFullSize ? 590_000 : 240_000 },
  async () => {
    const senders = new Senders(world.ingests.map(({ url }) => url));
    const begin = performance.now();
    const sending = names.map((name, index) => senders.run(name, index % 2 === 0));
    const acknowledge = async () => {
      const goal = senders.count + STEP;
      await until(() => senders.count >= goal);
    };
    await acknowledge();
    let struck = 0;
    for (let round = 1; round <= ROUNDS && performance.now() - begin < BUDGET; round++) {
      for (const [what, strike] of blows(acknowledge)) {
        await strike();
        struck++;
        await acknowledge();
        const state = `${senders.count} acknowledged, ${await world.waiting()} wait in the queue`;
        if (isFullSize) console.log(`round ${round}, ${what}: ${state}`);
      }
    }
    senders.end();
    await Promise.all(sending);
    const acknowledged = performance.now();
    await until(async () => (await world.waiting()) === 0);
    const written = performance.now();
    await check(senders);
    const rate = Math.round((1000 * senders.count) / (acknowledged - begin));
    console.log(
      `${senders.count} acknowledged updates of ${SENDERS} senders are there once and in order (${NODES} node${NODES > 1 ? 's' : ''}, ` +
        `${struck} blows, ${rate} a second), the last ${Math.round(written - acknowledged)} ms after its answer`,
    );
  },
);

it.skipIf(lacking)(
  'a deletion holds for the updates that wait before it, and for none after it',
  async () => {
    const [ingest] = world.ingests as [CollectorProcess];
    const headers = { 'X-Moesif-Application-Id': 'deletion', Authorization: `Bearer ${READ_TOKEN}` };
    const post = async (body: object) =>
      (await fetch(`${ingest.url}/v1/users`, { method: 'POST', headers, body: JSON.stringify(body) })).status;
    await world.primary.halt();
    expect(await post({ anonymous_id: 'laptop', metadata: { before: true } })).toBe(202);
    expect(await post({ anonymous_id: 'laptop', user_id: 'ada' })).toBe(202);
    expect(await post({ anonymous_id: 'other' })).toBe(202);
    const query = new URLSearchParams({ application_id: 'deletion', user_id: 'ada' });
    const answer = await fetch(`${ingest.url}/v1/users?${query}`, { method: 'DELETE', headers });
    expect([answer.status, await answer.json()]).toEqual([202, { queued: true }]);
    expect(await post({ user_id: 'ada', metadata: { after: true } })).toBe(202);
    await world.primary.resume();
    await until(async () => (await world.waiting()) === 0);
    const rows = await world.read(
      `select kind, id, metadata from profiles where application_id = 'deletion' order by kind`,
    );
    const updates = await world.read(
      `select kind, id from updates where application_id = 'deletion' order by kind`,
    );
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
  const [ingest] = world.ingests as [CollectorProcess];
  const [first, ...others] = world.workers as [CollectorProcess, CollectorProcess];
  await Promise.all(world.workers.map(worker => worker.kill()));
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
  await until(
    async () =>
      (await world.read(`select from profiles where application_id = 'backlog'`)).length === 2 * users,
  );
  const written = performance.now();
  const rate = (from: number, to: number) => Math.round((1000 * users) / (to - from));
  console.log(
    `${users} updates: taken in at ${rate(begin, queued)} a second, written at ${rate(started, written)} by one worker`,
  );
  await Promise.all(others.map(worker => worker.start()));
});
