import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { cp, mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabase } from '../../demo/collector/database/open-database.ts';

const root = join(import.meta.dirname, '../..');

/** Where empty databases are kept, by a digest of what made them. */
const EMPTY = join(root, 'reports/databases');

/** What makes a database: the collector's code, and the lock with PGlite's version. */
function digest(): string {
  const hash = createHash('sha256').update(readFileSync(join(root, 'package-lock.json')));
  const collector = join(root, 'demo/collector');
  for (const entry of readdirSync(collector, { recursive: true, encoding: 'utf8' }).sort())
    if (/\.[jt]s$/.test(entry)) hash.update(readFileSync(join(collector, entry)));
  return hash.digest('hex').slice(0, 16);
}

/** Creates an empty database, unless one of this code is there. */
async function createEmpty(): Promise<string> {
  const folder = join(EMPTY, digest());
  if (existsSync(folder)) return folder;
  await mkdir(EMPTY, { recursive: true });
  const draft = await mkdtemp(`${folder}-`);
  await (await openDatabase({ folder: draft })).close();
  // Another process may have been faster. Its database is the same.
  await rename(draft, folder).catch(() => rm(draft, { recursive: true }));
  return folder;
}

let empty: Promise<string> | undefined;

/**
 * Copies an empty database of PGlite into a folder of its own: to open that takes a quarter of the time that PostgreSQL
 * needs to create one. Whoever asks removes the folder.
 */
export async function copyDatabase(): Promise<string> {
  empty ??= createEmpty();
  const folder = await mkdtemp(join(tmpdir(), 'utmost-database-'));
  await cp(await empty, folder, { recursive: true });
  return folder;
}
