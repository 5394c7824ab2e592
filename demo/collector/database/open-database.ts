import type { Database } from './database.ts';
import { migrate, prepareSearch } from './migrate.ts';
import { openPGlite } from './pglite.ts';
import { openPostgres } from './postgres.ts';

/** The place of the data. */
export interface DatabaseOptions {
  /** `postgres://user:password@host:port/name` of a server. Default: PostgreSQL inside this process (PGlite). */
  url?: string | undefined;
  /**
   * The server's own address, where `url` leads to a pooler that shares connections between transactions. Migrations go
   * there. Default: `url`.
   */
  listenUrl?: string | undefined;
  /** The address of a streaming replica that is read from. Default: `url`. */
  readUrl?: string | undefined;
  /** The folder that keeps PGlite's data; without one it lives in memory. Only one process may open a folder at a time. */
  folder?: string | undefined;
  /** Is told in a sentence when PGlite can't go on: its disk is full, or it has crashed. */
  onFailure?: ((sentence: string) => void) | undefined;
}

/** Opens the database and brings its schema up to date. */
export async function openDatabase(options: DatabaseOptions = {}): Promise<Database> {
  const { url, listenUrl, readUrl, folder, onFailure } = options;
  if (url && listenUrl && listenUrl !== url) {
    // Building an index takes minutes, which a pooler may not grant.
    await prepare(openPostgres({ url: listenUrl })).then(direct => direct.close());
    return openPostgres({ url, readUrl });
  }
  return prepare(url ? openPostgres({ url, readUrl }) : await openPGlite(folder, onFailure));
}

async function prepare(database: Database): Promise<Database> {
  try {
    await migrate(database);
    await prepareSearch(database);
    return database;
  } catch (error) {
    await database.close();
    throw error;
  }
}
