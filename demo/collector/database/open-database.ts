import type { Database } from './database.ts';
import { migrate, preparePartitions, prepareSearch } from './migrate.ts';
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
  /**
   * The number of parts that people are spread over by a hash: the tables of profiles as they are partitioned, and of
   * timelines each month that is created. 0 leaves tables that are not partitioned as they are. Default: see
   * `partitionsOf`.
   */
  partitions?: number | undefined;
  /** The folder that keeps PGlite's data; without one it lives in memory. Only one process may open a folder at a time. */
  folder?: string | undefined;
  /** A file as which a database in memory begins, see `PGliteOptions`. */
  image?: string | undefined;
  /** Is told in a sentence when PGlite can't go on: its disk is full, or it has crashed. */
  onFailure?: ((sentence: string) => void) | undefined;
}

/** The number of parts on a server. PGlite has one disk and one process, and its months are not divided. */
const PARTITIONS = 4;

/** Returns the number of parts that people are spread over. */
export const partitionsOf = ({ url, partitions }: Pick<DatabaseOptions, 'url' | 'partitions'>): number =>
  partitions ?? (url ? PARTITIONS : 1);

/** Opens the database and brings its schema up to date. */
export async function openDatabase(options: DatabaseOptions = {}): Promise<Database> {
  const { url, listenUrl, readUrl, onFailure } = options;
  const partitions = partitionsOf(options);
  if (url && listenUrl && listenUrl !== url) {
    // Building an index takes minutes, which a pooler may not grant.
    await prepare(openPostgres({ url: listenUrl }), partitions).then(direct => direct.close());
    return openPostgres({ url, readUrl });
  }
  return prepare(url ? openPostgres({ url, readUrl }) : await openPGlite(options, onFailure), partitions);
}

async function prepare(database: Database, partitions: number): Promise<Database> {
  try {
    await migrate(database);
    await preparePartitions(database, partitions);
    await prepareSearch(database);
    return database;
  } catch (error) {
    await database.close();
    throw error;
  }
}
