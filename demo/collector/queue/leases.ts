import { randomUUID } from 'node:crypto';
import type { Database } from '../database/database.ts';
import { PARTITIONS } from './message.ts';

/** Seconds after which the parts of a worker that says nothing are others'. */
const LEASE = 6;

// A worker that has died is not counted: the others take its share.
const SHOW_UP = `
  with gone as (delete from queue_workers where until < now() and worker <> $1)
  insert into queue_workers values ($1, now() + $2 * interval '1 second')
  on conflict (worker) do update set until = excluded.until`;
const LOOK = `
  select (select count(*) from queue_workers where until >= now())::int as workers,
    coalesce((select json_agg(partition) from queue_leases where until >= now()), '[]') as taken`;
const RENEW = `
  update queue_leases set until = now() + $2 * interval '1 second' where worker = $1 returning partition`;
const ACQUIRE = `
  insert into queue_leases values ($3, $1, now() + $2 * interval '1 second')
  on conflict (partition) do update set worker = excluded.worker, until = excluded.until
  where queue_leases.until < now() returning partition`;

/**
 * Shares the parts of the stream among the workers on one database. Each part is one worker's at a time. Should two hold
 * the same all the same, as one was asleep, the positions keep the second from writing.
 */
export class Leases {
  readonly #database: Database;
  readonly #worker = randomUUID();

  constructor(database: Database) {
    this.#database = database;
  }

  /** Renews what is held, takes what is free, and returns the parts that are this worker's now. */
  async renew(): Promise<Set<number>> {
    const query = <Row>(statement: string, ...parameters: unknown[]) =>
      this.#database.query<Row>(statement, [this.#worker, ...parameters]);
    await query(SHOW_UP, LEASE);
    const own = new Set(
      (await query<{ partition: number }>(RENEW, LEASE)).rows.map(({ partition }) => partition),
    );
    const { rows } = await this.#database.query<{ workers: number; taken: number[] }>(LOOK);
    const { workers = 1, taken = [] } = rows[0] ?? {};
    const share = Math.ceil(PARTITIONS / Math.max(1, workers));
    const free = Array.from({ length: PARTITIONS }, (_, partition) => partition).filter(
      partition => !taken.includes(partition),
    );
    for (const partition of free) {
      if (own.size >= share) break;
      if ((await query(ACQUIRE, LEASE, partition)).rows.length > 0) own.add(partition);
    }
    return new Set([...own].sort((a, b) => a - b).slice(0, share));
  }

  /** Gives a part back that is no longer read. */
  async release(partition: number): Promise<void> {
    await this.#database.query('delete from queue_leases where worker = $1 and partition = $2', [
      this.#worker,
      partition,
    ]);
  }

  /** Gives everything back. */
  async end(): Promise<void> {
    await this.#database.query('delete from queue_leases where worker = $1', [this.#worker]);
    await this.#database.query('delete from queue_workers where worker = $1', [this.#worker]);
  }
}
