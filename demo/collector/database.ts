import { mkdir } from 'node:fs/promises';
import { PGlite } from '@electric-sql/pglite';
import { SCHEMA } from './schema.ts';

/** What the collector asks of PostgreSQL: one statement with `$1` parameters. */
export interface Sql {
  query<Row>(statement: string, parameters?: unknown[]): Promise<{ rows: Row[] }>;
}

/** A PostgreSQL database. A transaction commits when `work` fulfils and rolls back when it rejects. */
export interface Database extends Sql {
  transaction<Result>(work: (sql: Sql) => Promise<Result>): Promise<Result>;
  close(): Promise<void>;
}

/**
 * Opens PostgreSQL inside this process (PGlite) and creates what is missing of the schema.
 * `folder` keeps the data; without one it lives in memory. Only one process may open a folder at a time.
 */
export async function openDatabase(folder?: string): Promise<Database> {
  if (folder !== undefined) await mkdir(folder, { recursive: true });
  const database = await PGlite.create(folder === undefined ? {} : { dataDir: folder });
  for (const statement of SCHEMA) await database.query(statement);
  return database;
}
