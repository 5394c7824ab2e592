import { afterAll, beforeAll } from 'vitest';
import { openPostgres } from '../../../demo/collector/database/postgres.ts';
import { type DatabaseServers, startServers } from '../cluster/servers.ts';
import { type CollectorProcess, startProcess } from '../collector-processes.ts';
import { isFullSize } from '../full-size.ts';
import { findNats, type NatsServers, startNats } from '../nats-server.ts';
import { PGBOUNCER } from '../pgbouncer.ts';
import { findPostgres, type PostgresServer, startPostgres } from '../postgres-server.ts';

const nats = findNats();
const postgres = findPostgres();

/** The Debian packages that the tests need and that are not here; empty where all are. */
export const lacking = [
  !nats && 'nats-server',
  !postgres && 'postgresql',
  isFullSize && !PGBOUNCER && 'pgbouncer',
]
  .filter(Boolean)
  .join(' ');
if (lacking)
  console.warn(
    `\n!!! SKIPPED: the collector with a queue. It needs Debian's ${lacking}: apt-get install ${lacking}\n`,
  );

/** A queue, a database and the processes between them, for all tests of a file. */
export interface QueueWorld {
  queue: NatsServers;
  /** The server that is written to. */
  readonly primary: PostgresServer;
  /** With PgBouncer and a replica, at full size. */
  replicated: DatabaseServers | undefined;
  ingests: CollectorProcess[];
  workers: CollectorProcess[];
  /** Reads rows of the database. */
  read<Row>(statement: string, ...parameters: unknown[]): Promise<Row[]>;
  /** The number of messages that wait, by the first ingest. */
  waiting(): Promise<number | undefined>;
  /** Returns a worker that has a part of the stream. */
  activeWorker(): Promise<CollectorProcess>;
}

/** Starts a server without a replica. */
async function startOne() {
  const primary = await startPostgres(postgres as string);
  return { primary, url: primary.url, listenUrl: primary.url, close: primary.stop };
}

/** Starts nodes of the queue, PostgreSQL, so many ingests, and two workers. */
export function useQueue(nodes: 1 | 3, ingestCount: number): QueueWorld {
  let servers: Awaited<ReturnType<typeof startOne>> | DatabaseServers | undefined;
  const world: Partial<QueueWorld> & Pick<QueueWorld, 'primary' | 'read' | 'waiting' | 'activeWorker'> = {
    get primary() {
      return servers?.primary as PostgresServer;
    },
    read: async <Row>(statement: string, ...parameters: unknown[]) => {
      const connection = openPostgres({ url: servers?.url ?? '' });
      try {
        return (await connection.query<Row>(statement, parameters)).rows;
      } finally {
        await connection.close();
      }
    },
    waiting: async () => (await world.ingests?.[0]?.health())?.queue.messages,
    activeWorker: async () => {
      for (;;)
        for (const worker of world.workers ?? [])
          if ((await worker.health())?.worker?.partitions.length) return worker;
    },
  };
  beforeAll(async () => {
    if (lacking) return;
    world.queue = await startNats(nats as string, nodes);
    if (isFullSize) servers = world.replicated = await startServers();
    else servers = await startOne();
    const { url, listenUrl } = servers;
    const env = { QUEUE_URL: world.queue.url, DATABASE_URL: url, LISTEN_DATABASE_URL: listenUrl };
    const start = (role: 'ingest' | 'worker', count: number) =>
      Promise.all(Array.from({ length: count }, () => startProcess(role, env)));
    const [ingests, workers] = await Promise.all([start('ingest', ingestCount), start('worker', 2)]);
    Object.assign(world, { ingests, workers });
  });
  afterAll(async () => {
    await Promise.all([...(world.ingests ?? []), ...(world.workers ?? [])].map(one => one.kill()));
    await world.queue?.stop();
    await servers?.close();
  });
  return world as QueueWorld;
}
