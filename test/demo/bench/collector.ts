// npm run bench:collector [-- --profiles=1000,100000 --database=postgres]: what the collector's rules cost on top of SQL,
// and whether it finds things as fast among many profiles as among few.
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { getRequestListener } from '@hono/node-server';
import { createCollector } from '../../../demo/collector/app.ts';
import type { Database } from '../../../demo/collector/database/database.ts';
import { type DatabaseOptions, openDatabase } from '../../../demo/collector/database/open-database.ts';
import { createDatabase, findPostgres, startPostgres } from '../postgres-server.ts';
import { fill, READ_APPLICATION, sizesOf } from './fill.ts';
import { BATCH, bodyOf, type Load, type Measured, READ_TOKEN, repeat } from './load.ts';
import { type Line, lineOf, measure, print } from './measure.ts';
import { migrateWhileWriting } from './migration.ts';
import { readsOf, searchesOf } from './reads.ts';

const { values } = parseArgs({
  options: {
    profiles: { type: 'string', default: '1000' },
    database: { type: 'string', default: 'pglite,postgres' },
  },
});

const USERS = 5000;
/** The number of rounds of writes. What is compared takes turns, so that what else the machine does falls on all. */
const ROUNDS = 3;
/** Milliseconds of one measurement. */
const DURATION = 2000;

/**
 * The limits: at least this share of the bare statement's upserts per second from 32 connections on, and of the writes
 * without searches. On a server, these milliseconds for each read.
 */
const SHARE = 0.4;
const READ_LIMITS = { p50: 50, p95: 200 };

/** The least that an update can cost: one statement without rules, times, types, tokens and timelines. */
const BARE = `
  insert into profiles (application_id, kind, id, campaign, metadata, created_time, modified_time)
  values ($1, 'user', $2, $3::jsonb, $4::jsonb, now(), now())
  on conflict (application_id, kind, id) do update set
    campaign = profiles.campaign || excluded.campaign, metadata = profiles.metadata || excluded.metadata,
    modified_time = excluded.modified_time`;

/** The bench of one database: it prints, and collects what does not hold. */
class Bench {
  readonly broken: string[] = [];
  readonly #database: Database;
  readonly #port: number;
  readonly #profiles: number;

  constructor(database: Database, port: number, profiles: number) {
    this.#database = database;
    this.#port = port;
    this.#profiles = profiles;
  }

  async writes(): Promise<Line[]> {
    const kinds = [1, 32, 256].flatMap(connections => [
      { what: `bare SQL upsert, ${connections} at once`, run: () => this.#bareUpsert(connections), items: 1 },
      {
        what: `POST /v1/users, ${connections} connection${connections > 1 ? 's' : ''}`,
        run: () => this.#post('upsert', connections),
        items: 1,
      },
    ]);
    kinds.push({
      what: `POST /v1/users/batch of ${BATCH}, 4 connections`,
      run: () => this.#post('batch', 4),
      items: BATCH,
    });
    const measured = kinds.map((): Measured[] => []);
    for (let round = 0; round < ROUNDS; round++)
      for (const [index, { run }] of kinds.entries()) measured[index]?.push(await run());
    const lines = kinds.map(({ what, items }, index) => lineOf(what, measured[index] ?? [], '', items));
    for (const index of [1, 3, 5])
      this.#compare(lines[index], lines[index - 1], 'the bare upsert', index > 1);
    return lines;
  }

  async reads(isServer: boolean): Promise<Line[]> {
    const lines: Line[] = [];
    for (const { what, paths, bare } of readsOf(this.#profiles)) {
      const line = lineOf(what, [await this.#get(paths, 1)]);
      if (bare) {
        const { p50 } = lineOf('', [await this.#bareRead(...bare)]);
        line.note = `bare SQL ${p50.toFixed(1)}`;
      }
      if (isServer && (line.p50 > READ_LIMITS.p50 || line.p95 > READ_LIMITS.p95)) this.broken.push(what);
      lines.push(line);
    }
    return lines;
  }

  async mixed(): Promise<Line[]> {
    const alone: Measured[] = [];
    const beside: Measured[] = [];
    const searches: Measured[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      alone.push(await this.#post('upsert', 32));
      const search = this.#get(searchesOf(this.#profiles), 12);
      beside.push(await this.#post('upsert', 32));
      searches.push(await search);
    }
    const first = lineOf('POST /v1/users, 32 connections, nobody reads', alone);
    const second = lineOf('POST /v1/users, 32 connections, 12 searches at once', beside);
    this.#compare(second, first, 'those without');
    return [first, second, lineOf('the 12 searches meanwhile', searches)];
  }

  #compare(line: Line | undefined, with_: Line | undefined, whom: string, isLimit = true): void {
    const share = (line?.perSecond ?? 0) / (with_?.perSecond ?? 1);
    if (line) line.note = `${Math.round(share * 100)} % of ${whom}`;
    if (line && isLimit && share < SHARE) this.broken.push(line.what);
  }

  #bareUpsert(connections: number): Promise<Measured> {
    return repeat({ connections, duration: DURATION }, async () => async round => {
      const user = Math.floor(Math.random() * USERS);
      const { campaign, metadata } = bodyOf(user, round);
      const content = [JSON.stringify(campaign), JSON.stringify(metadata)];
      await this.#database.query(BARE, ['bare', `user-${user}`, ...content]);
      return true;
    });
  }

  #bareRead(statement: string, parameters: unknown[]): Promise<Measured> {
    return repeat({ connections: 1, duration: DURATION / 4 }, async () => async () => {
      await this.#database.read(statement, parameters);
      return true;
    });
  }

  #post(kind: 'upsert' | 'batch', connections: number): Promise<Measured> {
    return this.#load('bench', connections, { kind, users: USERS });
  }

  #get(paths: string[], connections: number): Promise<Measured> {
    return this.#load(READ_APPLICATION, connections, { kind: 'read', paths });
  }

  #load(applicationId: string, connections: number, requests: Load['requests']): Promise<Measured> {
    return measure({ port: this.#port, connections, duration: DURATION, applicationId, requests });
  }
}

async function benchDatabase(name: string, options: DatabaseOptions, profiles: number): Promise<string[]> {
  const title = `${name}, ${profiles.toLocaleString('en')} profiles`;
  const begin = performance.now();
  await fill(options, profiles);
  console.log(`\n${title}: filled in ${((performance.now() - begin) / 1000).toFixed(0)} s`);
  console.log(`${title}: migrated from 0.1.0 in ${await migrateWhileWriting(options)}`);
  const database = await openDatabase(options);
  console.log(await sizesOf(database));
  const server = createServer(getRequestListener(createCollector({ database, readToken: READ_TOKEN }).fetch));
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const bench = new Bench(database, (server.address() as AddressInfo).port, profiles);
  try {
    print(`${title}: reads, one at a time`, await bench.reads(options.url !== undefined));
    print(`${title}: writes`, await bench.writes());
    print(`${title}: both`, await bench.mixed());
    return bench.broken.map(what => `${title}: ${what}`);
  } finally {
    server.close();
    server.closeAllConnections();
    await database.close();
  }
}

async function benchPostgres(profiles: number): Promise<string[]> {
  const bin = findPostgres();
  if (!bin) {
    console.warn('!!! SKIPPED: PostgreSQL. There is none here: apt-get install postgresql\n');
    return [];
  }
  const server = await startPostgres(bin);
  try {
    const url = await createDatabase(server.url);
    return await benchDatabase(`PostgreSQL ${server.version.split(' ')[0]}`, { url }, profiles);
  } finally {
    await server.stop();
  }
}

async function benchPGlite(profiles: number): Promise<string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'utmost-bench-'));
  try {
    return await benchDatabase('PGlite', { folder }, profiles);
  } finally {
    await rm(folder, { recursive: true });
  }
}

const broken: string[] = [];
for (const profiles of values.profiles.split(',').map(Number)) {
  for (const name of values.database.split(','))
    broken.push(...(await (name === 'pglite' ? benchPGlite(profiles) : benchPostgres(profiles))));
}
if (broken.length > 0) {
  console.error(`\nSlower than allowed:\n${broken.join('\n')}`);
  process.exitCode = 1;
}
