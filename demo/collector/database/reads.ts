import type pg from 'pg';
import { HttpError } from '../http-error.ts';
import { isTimeout, isUnreachable, type Query } from './database.ts';

/** Milliseconds after which the server gives up a statement that reads. */
const READ_TIMEOUT = 5000;

/**
 * The limit holds for this transaction alone. One of the connection's would be refused or lost by a pooler, or left
 * behind for the writes of somebody else.
 */
const BEGIN = `begin read only; set local statement_timeout = ${READ_TIMEOUT}`;

/**
 * A plan of many partitions looks dear, and PostgreSQL would compile it: that takes seconds, where the read takes
 * milliseconds. Not each database with its protocol has the setting.
 */
const HAS_COMPILER = `select 1 from pg_settings where name = 'jit'`;
const WITHOUT_COMPILER = `${BEGIN}; set local jit = off`;

/**
 * Returns what runs a statement in a transaction that only reads. One that takes longer than `READ_TIMEOUT` is given up
 * with a 503.
 */
export const readingFrom = (pool: pg.Pool): Query => {
  let begin: string | undefined;
  return async <Row>(text: string, values?: unknown[]) => {
    const client = await pool.connect();
    let failure: unknown;
    try {
      begin ??= (await client.query(HAS_COMPILER)).rows.length > 0 ? WITHOUT_COMPILER : BEGIN;
      await client.query(begin);
      // Not named: which index is best depends on what is searched for, and a plan that is kept can't know it.
      const { rows } = await client.query({ text, ...(values && { values }) });
      await client.query('commit');
      return { rows: rows as Row[] };
    } catch (error) {
      failure = error;
      await client.query('rollback').catch(() => {});
      throw isTimeout(error) ? tooLong() : error;
    } finally {
      // A connection that broke is not given to the next.
      client.release(failure !== undefined && isUnreachable(failure));
    }
  };
};

const tooLong = () =>
  new HttpError(
    503,
    `The database needs more than ${READ_TIMEOUT / 1000} seconds for this. Ask for less: a longer word, a smaller limit, fewer days.`,
  );
