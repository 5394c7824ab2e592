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
  /** Is told in a sentence when PGlite can't go on: its disk is full, or it has crashed. */
  onFailure?: ((sentence: string) => void) | undefined;
}

/** Opens the database and brings its schema up to date. */
export async function openDatabase({ url, folder, onFailure }: DatabaseOptions = {}): Promise<Database> {
  const database = url ? openPostgres(url) : await openPGlite(folder, onFailure);
  try {
    await migrate(database);
    await prepareSearch(database);
    return database;
  } catch (error) {
    await database.close();
    throw error;
  }
}
