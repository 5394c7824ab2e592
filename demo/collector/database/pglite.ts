import { mkdir } from 'node:fs/promises';
import { PGlite } from '@electric-sql/pglite';
import type { Database } from './database.ts';

/** Opens PostgreSQL inside this process. */
export async function openPGlite(folder?: string): Promise<Database> {
  if (folder !== undefined) await mkdir(folder, { recursive: true });
  return PGlite.create(folder === undefined ? {} : { dataDir: folder });
}
