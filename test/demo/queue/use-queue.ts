import { afterAll, beforeAll } from 'vitest';
import { openPostgres } from '../../../demo/collector/database/postgres.ts';
import { findNats, type NatsServers, startNats } from '../nats-server.ts';
import { findPostgres, type PostgresServer, startPostgres } from '../postgres-server.ts';
import { type CollectorProcess, startProcess } from './processes.ts';

const nats = findNats();
const postgres = findPostgres();

/** The Debian packages that the tests need and that are not here; empty where all are. */
export const lacking = [!nats && 'nats-server', !postgres && 'postgresql'].filter(Boolean).join(' ');
if (lacking)
  console.warn(
    `\n!!! SKIPPED: the collector with a queue. It needs Debian's ${lacking}: apt-get install ${lacking}\n`,
  );

/** A queue, a database and the processes between them, for all tests of a file. */
export interface QueueWorld {
  queue: NatsServers;
  database: PostgresServer;
  ingests: CollectorProcess[];
  workers: CollectorProcess[];
  /** Reads rows of the database. */
  read<Row>(statement: string, ...parameters: unknown[]): Promise<Row[]>;
  /** The number of messages that wait, by the first ingest. */
  waiting(): Promise<number | undefined>;
  /** Returns a worker that has a part of the stream. */
  activeWorker(): Promise<CollectorProcess>;
}

/** Starts nodes of the queue, PostgreSQL, so many ingests, and two workers. */
export function useQueue(nodes: 1 | 3, ingestCount: number): QueueWorld {
  const world: Partial<QueueWorld> & Pick<QueueWorld, 'read' | 'waiting' | 'activeWorker'> = {
    read: async <Row>(statement: string, ...parameters: unknown[]) => {
      const connection = openPostgres({ url: world.database?.url ?? '' });
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
    const [queue, database] = await Promise.all([
      startNats(nats as string, nodes),
      startPostgres(postgres as string),
    ]);
    Object.assign(world, { queue, database });
    const env = { QUEUE_URL: queue.url, DATABASE_URL: database.url };
    const start = (role: 'ingest' | 'worker', count: number) =>
      Promise.all(Array.from({ length: count }, () => startProcess(role, env)));
    const [ingests, workers] = await Promise.all([start('ingest', ingestCount), start('worker', 2)]);
    Object.assign(world, { ingests, workers });
  });
  afterAll(async () => {
    await Promise.all([...(world.ingests ?? []), ...(world.workers ?? [])].map(one => one.kill()));
    await world.queue?.stop();
    await world.database?.stop();
  });
  return world as QueueWorld;
}
