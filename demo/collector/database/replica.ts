import { setTimeout as sleep } from 'node:timers/promises';
import { HttpError } from '../http-error.ts';
import { isUnreachable, type Query } from './database.ts';
import { openReaders, readingFrom } from './reads.ts';

/** Milliseconds that a read waits for a connection to the replica before it asks the primary. */
const CONNECTION_TIMEOUT = 2000;

/** Milliseconds for which a replica that could not be reached is not asked again. */
const AWAY = 5000;

/** Milliseconds between two looks at how far the replica is. */
const LOOK = 25;

/** A server in recovery is a replica. One that was promoted is none any more, and is never behind. */
const IS_BEHIND = 'select pg_is_in_recovery() and pg_last_wal_replay_lsn() < $1::pg_lsn as is_behind';

/** The settings of a replica. */
export interface ReplicaOptions {
  url: string;
  /** The maximum number of connections. */
  max: number;
  /** Reads from the primary. */
  readPrimary: Query;
  /** Milliseconds that the replica may be behind before it is said. Default: 5,000. */
  maxLag?: number;
}

/**
 * Reads from a streaming replica, and from the primary what the replica can't answer. It may be away, have to cancel a read
 * for what it replays, or not have a new table yet.
 */
export class Replica {
  readonly #pool;
  readonly #readReplica: Query;
  readonly #readPrimary: Query;
  readonly #maxLag: number;
  #awayUntil = 0;
  #isAway = false;
  #isBehind = false;

  constructor({ url, max, readPrimary, maxLag = 5000 }: ReplicaOptions) {
    this.#maxLag = maxLag;
    this.#pool = openReaders(url, { max, connectionTimeoutMillis: CONNECTION_TIMEOUT });
    this.#readReplica = readingFrom(this.#pool);
    this.#readPrimary = readPrimary;
  }

  readonly read: Query = async <Row>(text: string, values?: unknown[]) => {
    if (Date.now() < this.#awayUntil) return this.#readPrimary<Row>(text, values);
    try {
      const result = await this.#readReplica<Row>(text, values);
      this.#isThere();
      return result;
    } catch (error) {
      // It took too long: the primary has other things to do.
      if (error instanceof HttpError) throw error;
      if (isUnreachable(error)) this.#isGone(error as Error);
      return this.#readPrimary<Row>(text, values);
    }
  };

  /**
   * Waits until the replica has replayed the primary's log up to a position, so that what was written before can be read.
   * It ends all the same after `maxLag`, which is said once, and at once where the replica is away and the primary is read.
   */
  async waitFor(lsn: string): Promise<void> {
    const end = Date.now() + this.#maxLag;
    while (await this.#isBefore(lsn)) {
      if (Date.now() > end) return this.#tellLag();
      await sleep(LOOK);
    }
    if (this.#isBehind) console.log('The replica of READ_DATABASE_URL has caught up.');
    this.#isBehind = false;
  }

  close(): Promise<void> {
    return this.#pool.end();
  }

  async #isBefore(lsn: string): Promise<boolean> {
    if (Date.now() < this.#awayUntil) return false;
    try {
      const { rows } = await this.#readReplica<{ is_behind: boolean | null }>(IS_BEHIND, [lsn]);
      return rows[0]?.is_behind === true;
    } catch (error) {
      if (isUnreachable(error)) this.#isGone(error as Error);
      return false;
    }
  }

  #tellLag(): void {
    if (!this.#isBehind) {
      console.warn(
        `The replica of READ_DATABASE_URL is more than ${this.#maxLag / 1000} seconds behind, and pages show what it has. See pg_stat_replication on the primary.`,
      );
    }
    this.#isBehind = true;
  }

  #isGone({ message }: Error): void {
    this.#awayUntil = Date.now() + AWAY;
    if (!this.#isAway) {
      console.warn(
        `The replica of READ_DATABASE_URL can not be reached (${message || 'no answer'}). Reads go to the primary until it can.`,
      );
    }
    this.#isAway = true;
  }

  #isThere(): void {
    if (this.#isAway) console.log('The replica of READ_DATABASE_URL can be reached again.');
    this.#isAway = false;
  }
}
