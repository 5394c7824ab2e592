import { expect } from 'vitest';
import { ChangeFeed } from '../../../demo/collector/database/change-feed.ts';
import { openPostgres } from '../../../demo/collector/database/postgres.ts';
import type { Profile } from '../../../demo/collector/database/profiles.ts';
import type { TimelineEntry } from '../../../demo/collector/database/timeline.ts';
import { eventually } from '../../../e2e/eventually.ts';
import { type CollectorProcess, until } from '../collector-processes.ts';
import { isFullSize } from '../full-size.ts';
import { type Load, type Sent, startLoad } from './load.ts';
import { followEvents, readFrom } from './requests.ts';
import type { DatabaseServers } from './servers.ts';
import type { Cluster } from './world.ts';

const SENDERS = isFullSize ? 48 : 8;
/** Updates between two blows. */
const STEP = isFullSize ? 500 : 60;
/** The most rounds of blows, and milliseconds after which no further one begins. */
const ROUNDS = isFullSize ? 6 : 1;
const BUDGET = 120_000;

/** Milliseconds of all of it, on a busy machine. */
export const LIMIT = isFullSize ? 300_000 : 120_000;

/**
 * Kills a collector and the primary under load, promotes the replica, and then looks for all that was acknowledged. At
 * full size this is done several times. The cluster is left with one collector and no replica.
 */
export async function killUnderLoad({ port, servers, collectors }: Cluster): Promise<void> {
  const load = startLoad(port, SENDERS);
  const more = async () => {
    const goal = load.acknowledged().length + STEP;
    await until(() => load.acknowledged().length > goal);
  };
  const begin = performance.now();
  await more();
  const processes = load.acknowledged().map(({ process }) => process);
  expect(new Set(processes).size).toBe(2);
  let [killed, left] = await strike(servers, collectors, load, more);
  for (let round = 2; round <= ROUNDS && performance.now() - begin < BUDGET; round++) {
    await killed.start();
    await servers.addReplica();
    await more();
    [killed, left] = await strike(servers, [left, killed], load, more);
  }
  await load.stop();
  const acknowledged = load.acknowledged();
  const rate = Math.round((1000 * acknowledged.length) / (performance.now() - begin));
  const last = new Set(acknowledged.slice(-30).map(({ process }) => process));
  expect(last).toEqual(new Set([`127.0.0.1:${left.port}`]));
  await check(left.port, load.sent);
  await checkListener(servers, left.port);
  console.log(
    `${acknowledged.length} acknowledged updates of ${SENDERS} senders are there once and in order, ${rate} a second`,
  );
}

/** Kills the first collector, and then the primary, whose replica is promoted. Returns the collectors. */
async function strike(
  servers: DatabaseServers,
  [killed, left]: [CollectorProcess, CollectorProcess],
  load: Load,
  more: () => Promise<void>,
): Promise<[killed: CollectorProcess, left: CollectorProcess]> {
  await killed.kill();
  await more();
  await servers.primary.kill();
  const refused = load.sent.length;
  await eventually(() => expect(load.sent.slice(refused).map(({ status }) => status)).toContain(503));
  await servers.promote();
  await more();
  if (isFullSize)
    console.log(`a collector and the primary killed: ${load.acknowledged().length} acknowledged`);
  return [killed, left];
}

/** Looks at what is stored of all that was sent. */
async function check(port: number, sent: readonly Sent[]): Promise<void> {
  for (const user of new Set(sent.map(({ user }) => user))) {
    const all = sent.filter(one => one.user === user);
    const { metadata, ip_address } = await read<Profile>(port, `/profile?user_id=${user}`);
    // The sender's, and not nginx's.
    expect(ip_address).toMatch(/^127\.1\./);
    const bodies = (await timelineOf(port, user)).toReversed().map(({ body }) => body);
    for (const key of new Set(all.map(({ key }) => key))) {
      const own = all.filter(one => one.key === key);
      const stored = bodies.flatMap(
        body => (body as { metadata: Record<string, number> }).metadata[key] ?? [],
      );
      // In order, and none twice: also of those that were not acknowledged.
      expect(stored).toEqual([...new Set(stored)].sort((a, b) => a - b));
      const acknowledged = own.filter(({ status }) => status === 200 || status === 201).map(({ n }) => n);
      const there = new Set(stored);
      expect(acknowledged.filter(n => !there.has(n))).toEqual([]);
      expect(metadata[key]).toBe(stored.at(-1));
    }
  }
}

/** The listener has followed to the new primary, too. */
async function checkListener({ url, listenUrl }: DatabaseServers, port: number): Promise<void> {
  const events = await followEvents(port);
  const database = openPostgres({ url });
  const change = { application_id: 'cluster', user_id: 'after', anonymous_id: null };
  const other = new ChangeFeed({ url: listenUrl, database, onChange: () => {} });
  await eventually(() => {
    other.publish(change);
    expect(events.names('after')).toBe(true);
  });
  await other.close();
  await database.close();
  await events.end();
}

async function read<Body>(port: number, path: string): Promise<Body> {
  const response = await readFrom(port, path);
  expect(response.status).toBe(200);
  return (await response.json()) as Body;
}

async function timelineOf(port: number, user: string): Promise<TimelineEntry[]> {
  const entries: TimelineEntry[] = [];
  for (let after = ''; ; ) {
    const page = await read<{ timeline: TimelineEntry[]; next: string | null }>(
      port,
      `/timeline?user_id=${user}&limit=1000${after}`,
    );
    entries.push(...page.timeline);
    if (!page.next) return entries;
    after = `&after=${encodeURIComponent(page.next)}`;
  }
}
