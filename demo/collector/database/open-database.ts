import type { Database } from './database.ts';
import { migrate, prepareSearch } from './migrate.ts';
import { openPGlite } from './pglite.ts';
import { openPostgres } from './postgres.ts';

/** The place of the data. */
export interface DatabaseOptions {
  /** `postgres://user:password@host:port/name` of a server. Default: PostgreSQL inside this process (PGlite). */
  url?: string | undefined;
  /** The folder that keeps PGlite's data; without one it lives in memory. Only one process may open a folder at a time. */
  folder?: string | undefined;
}

/** Opens the database and brings its schema up to date. */
export async function openDatabase({ url, folder }: DatabaseOptions = {}): Promise<Database> {
  const database = url ? openPostgres(url) : await openPGlite(folder);
  try {
    await migrate(database);
    await prepareSearch(database);
    return database;
  } catch (error) {
    await database.close();
    throw error;
  }
}
