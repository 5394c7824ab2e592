import { createHash } from 'node:crypto';
import pg from 'pg';
import { HttpError } from '../http-error.ts';
import { type Database, isTimeout, isUnreachable } from './database.ts';

/**
 * Connections for writing. More would wait for each other in the server, which needs a millisecond for a
 * statement.
 */
const MAX_WRITERS = 10;

/** Connections for reading. More searches at once wait here, and leave the server's cores to the writes. */
const MAX_READERS = 4;

/** Milliseconds that a request waits for a connection before its sender is asked to retry. */
const CONNECTION_TIMEOUT = 10_000;

/** Milliseconds after which the server gives up a statement that reads. */
const READ_TIMEOUT = 5000;

/** Opens pools of connections to a PostgreSQL server. They connect with the first statement. */
export function openPostgres(url: string): Database {
  const writers = openPool(url, { max: MAX_WRITERS });
  const readers = openPool(url, { max: MAX_READERS, statement_timeout: READ_TIMEOUT });
  const names = new Map<string, string>();
  return {
    async query<Row>(text: string, values?: unknown[]) {
      // Named, so that each connection plans a statement once and not with every request.
      const name = values && (names.get(text) ?? nameIn(names, text));
      const { rows } = await writers.query({ text, ...(name && { name }), ...(values && { values }) });
      return { rows: rows as Row[] };
    },
    async read<Row>(text: string, values?: unknown[]) {
      try {
        // Not named: which index is best depends on what is searched for, and a plan that is kept can't know it.
        const { rows } = await readers.query({ text, ...(values && { values }) });
        return { rows: rows as Row[] };
      } catch (error) {
        throw isTimeout(error) ? tooLong() : error;
      }
    },
    async transaction(work) {
      const client = await writers.connect();
      let failure: unknown;
      try {
        await client.query('begin');
        await work(async <Row>(text: string, values?: unknown[]) => {
          const { rows } = await client.query({ text, ...(values && { values }) });
          return { rows: rows as Row[] };
        });
        await client.query('commit');
      } catch (error) {
        failure = error;
        await client.query('rollback').catch(() => {});
        throw error;
      } finally {
        // A connection that broke is not given to the next.
        client.release(failure !== undefined && isUnreachable(failure));
      }
    },
    close: async () => {
      await Promise.all([writers.end(), readers.end()]);
    },
  };
}

function openPool(url: string, config: pg.PoolConfig): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    connectionTimeoutMillis: CONNECTION_TIMEOUT,
    application_name: 'utmost-collector',
    ...config,
  });
  // An idle connection that breaks is replaced; without a listener it would end the process.
  pool.on('error', error =>
    console.error(`The database closed an idle connection. The next request opens another: ${error.message}`),
  );
  return pool;
}

const tooLong = () =>
  new HttpError(
    503,
    `The database needs more than ${READ_TIMEOUT / 1000} seconds for this. Ask for less: a longer word, a smaller limit, fewer days.`,
  );

function nameIn(names: Map<string, string>, text: string): string {
  const name = createHash('sha256').update(text).digest('hex').slice(0, 32);
  names.set(text, name);
  return name;
}
