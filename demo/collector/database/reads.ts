import type pg from 'pg';
import { HttpError } from '../http-error.ts';
import { isTimeout, isUnreachable, type Query } from './database.ts';
import { openPool } from './pool.ts';

/** Milliseconds after which the server gives up a statement that reads. */
const READ_TIMEOUT = 5000;

/**
 * Both settings hold for this transaction alone. One of the connection's would be refused or lost by a pooler, or left
 * behind for the writes of somebody else.
 *
 * A plan of many partitions looks dear, and PostgreSQL would compile it (`jit`): that takes seconds, where the read takes
 * milliseconds. Not each database with its protocol has that setting.
 */
const BEGIN = `begin read only;
  set local statement_timeout = ${READ_TIMEOUT};
  select set_config('jit', 'off', true) where current_setting('jit', true) is not null`;

/** Opens a pool of connections to read by. Each takes statements before it has answered those before. */
export const openReaders = (url: string, config: pg.PoolConfig): pg.Pool =>
  openPool(url, Object.assign({ pipeline: true }, config));

/**
 * Returns what runs a statement in a transaction that only reads. One that takes longer than `READ_TIMEOUT` is given up
 * with a 503. The pool must be one of `openReaders`.
 */
export const readingFrom =
  (pool: pg.Pool): Query =>
  async <Row>(text: string, values?: unknown[]) => {
    const client = await pool.connect();
    // Sent without waiting for the answers in between, so that a read is one round trip. After a failure the commit undoes.
    const [begun, read, ended] = await Promise.allSettled([
      client.query(BEGIN),
      // Not named: which index is best depends on what is searched for, and a plan that is kept can't know it.
      client.query({ text, ...(values && { values }) }),
      client.query('commit'),
    ]);
    const failure = [begun, read, ended].find(({ status }) => status === 'rejected');
    const error: unknown = failure?.status === 'rejected' ? failure.reason : undefined;
    // A connection that broke is not given to the next.
    client.release(error !== undefined && isUnreachable(error));
    if (read.status === 'fulfilled' && !failure) return { rows: read.value.rows as Row[] };
    throw isTimeout(error) ? tooLong() : error;
  };

const tooLong = () =>
  new HttpError(
    503,
    `The database needs more than ${READ_TIMEOUT / 1000} seconds for this. Ask for less: a longer word, a smaller limit, fewer days.`,
  );
