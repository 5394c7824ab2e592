// npm run bench:collector: what the collector's rules cost on top of SQL, and whether a lookup stays as fast as it is.
import { fork } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { getRequestListener } from '@hono/node-server';
import { createCollector } from '../../../demo/collector/app.ts';
import type { Database } from '../../../demo/collector/database/database.ts';
import { type DatabaseOptions, openDatabase } from '../../../demo/collector/database/open-database.ts';
import { createDatabase, findPostgres, startPostgres } from '../postgres-server.ts';
import { bodyOf, type Load, type Measured, READ_TOKEN, repeat } from './load.ts';

const CONNECTIONS = 32;
const USERS = 5000;
/** The number of rounds. The two take turns, so that what else the machine does falls on both. */
const ROUNDS = 3;
/** Milliseconds of one measurement. */
const DURATION = 2500;
const SIZES = [1000, 200_000];

/**
 * The limits: at least this share of the bare statement's upserts per second, and at most this multiple of
 * the small table's lookup.
 */
const SHARE = 0.5;
const GROWTH = 1.5;

/** The least that an update can cost: one statement without rules, times, types, tokens and timelines. */
const BARE = `
  insert into profiles (application_id, kind, id, campaign, metadata, created_time, modified_time)
  values ($1, 'user', $2, $3::jsonb, $4::jsonb, now(), now())
  on conflict (application_id, kind, id) do update set
    campaign = profiles.campaign || excluded.campaign, metadata = profiles.metadata || excluded.metadata,
    modified_time = excluded.modified_time`;

const FILL = `
  insert into profiles (application_id, kind, id, campaign, metadata, created_time, modified_time)
  select $1, 'user', 'user-' || n, '{"utm_source": "newsletter"}', jsonb_build_object('name', 'User ' || n),
    now() - n * interval '1 second', now() - n * interval '1 second'
  from generate_series($2::int, $3::int) n`;

interface Line {
  database: string;
  what: string;
  perSecond: number;
  p50: number;
  p95: number;
  note: string;
}

async function benchDatabase(
  name: string,
  options: DatabaseOptions,
): Promise<{ lines: Line[]; holds: boolean }> {
  const database = await openDatabase(options);
  const server = createServer(getRequestListener(createCollector({ database, readToken: READ_TOKEN }).fetch));
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const line = (what: string, all: Measured[], note = ''): Line => ({
    database: name,
    what,
    ...summary(all),
    note,
  });
  try {
    const bare: Measured[] = [];
    const upserts: Measured[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      bare.push(await measureBare(database));
      upserts.push(await measure({ port, kind: 'upsert', applicationId: 'bench', users: USERS }));
    }
    const share = summary(upserts).perSecond / summary(bare).perSecond;
    const lines = [
      line('bare SQL upsert', bare),
      line('POST /v1/users', upserts, `${Math.round(share * 100)} % of the bare upsert`),
    ];

    await database.query('insert into applications values ($1) on conflict do nothing', ['many']);
    let filled = 0;
    const medians: number[] = [];
    for (const size of SIZES) {
      await database.query(FILL, ['many', filled, size - 1]);
      await database.query('analyze profiles');
      filled = size;
      const lookups = await measure({ port, kind: 'lookup', applicationId: 'many', users: size });
      medians.push(summary([lookups]).p50);
      lines.push(line(`GET /profile of ${size.toLocaleString('en')}`, [lookups]));
    }
    const growth = (medians[1] ?? Number.NaN) / (medians[0] ?? Number.NaN);
    (lines.at(-1) as Line).note = `${growth.toFixed(2)} times the median of 1,000`;
    return { lines, holds: share >= SHARE && growth <= GROWTH };
  } finally {
    server.close();
    server.closeAllConnections();
    await database.close();
  }
}

function measureBare(database: Database): Promise<Measured> {
  return repeat({ connections: CONNECTIONS, duration: DURATION }, async () => async round => {
    const user = Math.floor(Math.random() * USERS);
    const { campaign, metadata } = bodyOf(user, round);
    await database.query(BARE, ['bare', `user-${user}`, JSON.stringify(campaign), JSON.stringify(metadata)]);
    return true;
  });
}

function measure(load: Omit<Load, 'connections' | 'duration'>): Promise<Measured> {
  const child = fork(fileURLToPath(new URL('load.ts', import.meta.url)));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', code => reject(new Error(`The load ended with ${code}.`)));
    child.once('message', message => {
      const measured = message as Measured;
      if (measured.failures === 0) resolve(measured);
      else reject(new Error(`${measured.failures} requests failed.`));
    });
    child.send({ ...load, connections: CONNECTIONS, duration: DURATION } satisfies Load);
  });
}

function summary(all: Measured[]): Pick<Line, 'perSecond' | 'p50' | 'p95'> {
  const latencies = all.flatMap(one => one.latencies).sort((a, b) => a - b);
  const quantile = (share: number) => latencies[Math.floor(latencies.length * share)] ?? Number.NaN;
  const seconds = all.reduce((sum, { duration }) => sum + duration, 0) / 1000;
  return { perSecond: latencies.length / seconds, p50: quantile(0.5), p95: quantile(0.95) };
}

function print(lines: Line[]): void {
  console.log(`${CONNECTIONS} connections, ${USERS.toLocaleString('en')} users, times in milliseconds\n`);
  console.log('| database | what | per second | p50 | p95 | |\n| --- | --- | ---: | ---: | ---: | --- |');
  for (const { database, what, perSecond, p50, p95, note } of lines) {
    const numbers = [Math.round(perSecond).toLocaleString('en'), p50.toFixed(1), p95.toFixed(1)];
    console.log(`| ${database} | ${what} | ${numbers.join(' | ')} | ${note} |`);
  }
}

// Ends a benchmark that hangs.
setTimeout(() => {
  console.error('The benchmark has not ended after 3 minutes: run it on a machine with less to do.');
  process.exit(1);
}, 180_000).unref();

const folder = await mkdtemp(join(tmpdir(), 'utmost-bench-'));
const results = [await benchDatabase('PGlite', { folder })];
await rm(folder, { recursive: true });
const bin = findPostgres();
if (bin) {
  const server = await startPostgres(bin);
  try {
    results.push(
      await benchDatabase(`PostgreSQL ${server.version.split(' ')[0]}`, {
        url: await createDatabase(server.url),
      }),
    );
  } finally {
    await server.stop();
  }
} else console.warn('!!! SKIPPED: PostgreSQL. There is none here: apt-get install postgresql\n');
print(results.flatMap(({ lines }) => lines));
if (!results.every(({ holds }) => holds)) {
  console.error(
    `\nNot held: at least ${SHARE * 100} % of the bare upsert, and lookups at most ${GROWTH} times as long.`,
  );
  process.exitCode = 1;
}
