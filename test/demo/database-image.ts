import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { pg_trgm } from '@electric-sql/pglite/contrib/pg_trgm';
import { openDatabase } from '../../demo/collector/database/open-database.ts';
import { openPGlite } from '../../demo/collector/database/pglite.ts';

const root = join(import.meta.dirname, '../..');

/** Where images are kept, by a digest of what made them. */
const IMAGES = join(root, 'reports/databases');

/** What makes a database: the collector's code, and the lock with PGlite's version. */
function digest(): string {
  const hash = createHash('sha256').update(readFileSync(join(root, 'package-lock.json')));
  const collector = join(root, 'demo/collector');
  for (const entry of readdirSync(collector, { recursive: true, encoding: 'utf8' }).sort())
    if (/\.[jt]s$/.test(entry)) hash.update(readFileSync(join(collector, entry)));
  return hash.digest('hex').slice(0, 16);
}

/** What is in an image: nothing at all, or the tables without a row. */
const OPEN = { bare: openPGlite, empty: openDatabase };
type Content = keyof typeof OPEN;

/** Writes an image, unless one of this code is there. */
async function writeImage(content: Content): Promise<string> {
  const image = join(IMAGES, `${content}-${digest()}.tar`);
  if (existsSync(image)) return image;
  await mkdir(IMAGES, { recursive: true });
  const draft = await mkdtemp(join(IMAGES, 'draft-'));
  const folder = join(draft, 'data');
  await (await OPEN[content]({ folder })).close();
  const pglite = await PGlite.create(folder, { extensions: { pg_trgm } });
  await writeFile(join(draft, 'image'), (await pglite.dumpDataDir('none')).stream());
  await pglite.close();
  // Another process may have been faster. Its image is as good.
  await rename(join(draft, 'image'), image);
  await rm(draft, { recursive: true });
  return image;
}

const images = new Map<Content, Promise<string>>();

/**
 * Returns the file of a database as which PGlite may begin. That takes a fifth of the time in which PostgreSQL creates
 * one.
 */
export function databaseImage(content: Content = 'empty'): Promise<string> {
  const image = images.get(content) ?? writeImage(content);
  images.set(content, image);
  return image;
}
