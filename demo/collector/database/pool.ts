import pg from 'pg';

/** Milliseconds that a request waits for a connection before its sender is asked to retry. */
const CONNECTION_TIMEOUT = 10_000;

/** The name of the collector's connections, as `pg_stat_activity` shows it. */
export const APPLICATION_NAME = 'utmost-collector';

/**
 * Opens a pool of connections. None of them is set up by itself: a pooler in between gives each transaction another
 * connection of the server's, where such a setting would be lost, or would meet somebody else.
 */
export function openPool(url: string, config: pg.PoolConfig): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    connectionTimeoutMillis: CONNECTION_TIMEOUT,
    application_name: APPLICATION_NAME,
    keepAlive: true,
    ...config,
  });
  // An idle connection that breaks is replaced; without a listener it would end the process.
  pool.on('error', error =>
    console.error(`The database closed an idle connection. The next request opens another: ${error.message}`),
  );
  // So may one in use, between two statements. The next of them is refused, which is told there.
  pool.on('connect', client => client.on('error', () => {}));
  return pool;
}
