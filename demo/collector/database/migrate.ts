import { setTimeout as sleep } from 'node:timers/promises';
import type { Database } from './database.ts';
import { createSearchIndex, hasSearchIndex } from './indexes.ts';
import { ensureMonths } from './months.ts';
import { arePartitioned, partitionTables } from './partition-tables.ts';
import { STEPS } from './schema.ts';

/** Seconds for which a process that died while migrating keeps the others waiting. A living one says so in time. */
const LEASE = 60;

/**
 * Migrates a database to the newest schema. Where several collectors start at once, one does it and the
 * others wait.
 *
 * The lock is a row that expires, and not PostgreSQL's advisory lock. CockroachDB accepts that one without
 * locking, older YugabyteDB refuses it, and a pooler in between may take it over. Should two processes get
 * past the lock all the same, every statement tolerates what it is about to create.
 */
export async function migrate(database: Database, steps = STEPS): Promise<void> {
  await retryOnce(() =>
    database.query('create table if not exists schema_steps (step int primary key, done boolean not null)'),
  );
  await retryOnce(() =>
    database.query(
      'create table if not exists schema_lease (id int primary key, until timestamptz not null)',
    ),
  );
  if ((await stepsDone(database)) < steps.length) await withLease(database, () => runSteps(database, steps));
}

/** Tries again, at each start, what the database may refuse. */
export async function prepareSearch(database: Database): Promise<void> {
  if (!(await hasSearchIndex(database))) await withLease(database, () => createSearchIndex(database));
}

/**
 * Partitions the tables that are not yet, and creates the months that are coming.
 *
 * @param partitions The number of parts by hash; 0 leaves tables as they are.
 */
export async function preparePartitions(database: Database, partitions: number): Promise<void> {
  if (!(await arePartitioned(database, partitions)))
    await withLease(database, () => partitionTables(database, partitions));
  await ensureMonths(database, { partitions });
}

async function runSteps(database: Database, steps: typeof STEPS): Promise<void> {
  for (let step = await stepsDone(database); step < steps.length; step++) {
    for (const work of steps[step] ?? []) {
      if (typeof work === 'string') await database.query(work);
      else await work(database);
    }
    await database.query('insert into schema_steps values ($1, true) on conflict do nothing', [step]);
  }
}

/** Runs the work while no other process runs its own. */
async function withLease(database: Database, work: () => Promise<void>): Promise<void> {
  while (!(await acquireLease(database))) await sleep(100);
  const renewal = setInterval(() => void database.query(RENEW, [LEASE]).catch(() => {}), (LEASE * 1000) / 4);
  try {
    await work();
  } finally {
    clearInterval(renewal);
    await database.query('delete from schema_lease where id = 1');
  }
}

const RENEW = `update schema_lease set until = now() + $1 * interval '1 second' where id = 1`;

async function stepsDone(database: Database): Promise<number> {
  const { rows } = await database.query<{ steps: number }>(
    'select count(*)::int as steps from schema_steps where done',
  );
  return rows[0]?.steps ?? 0;
}

async function acquireLease(database: Database): Promise<boolean> {
  const { rows } = await database.query(
    `insert into schema_lease values (1, now() + $1 * interval '1 second')
     on conflict (id) do update set until = excluded.until where schema_lease.until < now() returning id`,
    [LEASE],
  );
  return rows.length > 0;
}

/**
 * Runs the work again if it fails. Of two `create table if not exists` at once, one can fail; the second time
 * the table is there.
 */
async function retryOnce(work: () => Promise<unknown>): Promise<void> {
  await work().catch(async () => {
    await sleep(50);
    await work();
  });
}
