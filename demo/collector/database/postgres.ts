import { createHash } from 'node:crypto';
import pg from 'pg';
import { type Database, isUnreachable } from './database.ts';

/**
 * Connections in the pool. More would wait for each other in the server, which needs a millisecond for a
 * statement.
 */
const MAX_CONNECTIONS = 10;

/** Milliseconds that a request waits for a connection before its sender is asked to retry. */
const CONNECTION_TIMEOUT = 10_000;

/** Opens a pool of connections to a PostgreSQL server. It connects with the first statement. */
export function openPostgres(url: string): Database {
  const pool = new pg.Pool({
    connectionString: url,
    max: MAX_CONNECTIONS,
    connectionTimeoutMillis: CONNECTION_TIMEOUT,
    application_name: 'utmost-collector',
  });
  // An idle connection that breaks is replaced; without a listener it would end the process.
  pool.on('error', error =>
    console.error(`The database closed an idle connection. The next request opens another: ${error.message}`),
  );
  const names = new Map<string, string>();
  return {
    async query<Row>(text: string, values?: unknown[]) {
      // Named, so that each connection plans a statement once and not with every request.
      const name = values && (names.get(text) ?? nameIn(names, text));
      const { rows } = await pool.query({ text, ...(name && { name }), ...(values && { values }) });
      return { rows: rows as Row[] };
    },
    async transaction(work) {
      const client = await pool.connect();
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
    close: () => pool.end(),
  };
}

function nameIn(names: Map<string, string>, text: string): string {
  const name = createHash('sha256').update(text).digest('hex').slice(0, 32);
  names.set(text, name);
  return name;
}
