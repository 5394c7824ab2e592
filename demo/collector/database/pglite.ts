import { mkdir } from 'node:fs/promises';
import { PGlite } from '@electric-sql/pglite';
import { pg_trgm } from '@electric-sql/pglite/contrib/pg_trgm';
import type { Database } from './database.ts';

/**
 * Opens PostgreSQL inside this process. It has one connection and no timer: reads and writes take turns, and no read is
 * given up.
 */
export async function openPGlite(folder?: string): Promise<Database> {
  if (folder !== undefined) await mkdir(folder, { recursive: true });
  const extensions = { pg_trgm };
  const pglite = await PGlite.create(folder === undefined ? { extensions } : { dataDir: folder, extensions });
  const query = <Row>(statement: string, parameters?: unknown[]) => pglite.query<Row>(statement, parameters);
  return { query, read: query, close: () => pglite.close() };
}
