import { createHash } from 'node:crypto';
import { type Database, isUnprepared, isUnreachable } from './database.ts';
import { openPool } from './pool.ts';
import { openReaders, readingFrom } from './reads.ts';
import { Replica } from './replica.ts';

/**
 * Connections for writing. More would wait for each other in the server, which needs a millisecond for a
 * statement.
 */
const MAX_WRITERS = 10;

/** Connections for reading. More searches at once wait here, and leave the server's cores to the writes. */
const MAX_READERS = 4;

/** The addresses of a PostgreSQL database. */
export interface PostgresOptions {
  /** The primary, or a pooler before it, such as PgBouncer in transaction mode. */
  url: string;
  /** A streaming replica, which is read from. Default: the primary is. */
  readUrl?: string | undefined;
}

/** Opens pools of connections to PostgreSQL. They connect with the first statement. */
export function openPostgres({ url, readUrl }: PostgresOptions): Database {
  const writers = openPool(url, { max: MAX_WRITERS });
  const readers = openReaders(url, { max: MAX_READERS });
  const readPrimary = readingFrom(readers);
  const replica = readUrl ? new Replica({ url: readUrl, max: MAX_READERS, readPrimary }) : undefined;
  const names = new StatementNames();
  return {
    query: <Row>(text: string, values?: unknown[]) =>
      names.use(values && text, async name => {
        const { rows } = await writers.query({ text, ...(name && { name }), ...(values && { values }) });
        return { rows: rows as Row[] };
      }),
    read: replica?.read ?? readPrimary,
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
    waitForReplay: replica && (lsn => replica.waitFor(lsn)),
    close: async () => {
      await Promise.all([writers.end(), readers.end(), replica?.close()]);
    },
  };
}

/**
 * Names statements, so that each connection plans one once and not with every request. A pooler that shares connections
 * between transactions may know nothing of the names: then there are none any more.
 */
class StatementNames {
  #names: Map<string, string> | undefined = new Map();

  /** Runs the work with the name of a statement, and once more without a name where that one got lost. */
  async use<Result>(
    text: string | undefined,
    work: (name: string | undefined) => Promise<Result>,
  ): Promise<Result> {
    const name = text && this.#nameOf(text);
    try {
      return await work(name);
    } catch (error) {
      // The server has refused it before it ran any of it.
      if (!name || !isUnprepared(error)) throw error;
      if (this.#names) {
        console.log(
          'DATABASE_URL leads to a pooler without prepared statements, and so they are no longer used. PgBouncer has them from 1.21 on, with max_prepared_statements.',
        );
      }
      this.#names = undefined;
      return work(undefined);
    }
  }

  #nameOf(text: string): string | undefined {
    const known = this.#names?.get(text);
    if (known || !this.#names) return known;
    const name = createHash('sha256').update(text).digest('hex').slice(0, 32);
    this.#names.set(text, name);
    return name;
  }
}
