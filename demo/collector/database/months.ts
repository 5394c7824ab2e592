import { codeOf, type Database, type Query } from './database.ts';
import { withBriefLocks } from './locks.ts';

/** The tables of the timeline, which are partitioned by the month of their `time`. */
export const TIMELINES = ['updates', 'actions', 'api_calls'] as const;

export type Timeline = (typeof TIMELINES)[number];

/** The columns that tell which part of a month, or of `profiles`, a row is in. */
const PERSON = 'application_id, id';

const DAY = 86_400_000;

/** Returns the first moment of the month of UTC that is so many months after that of a time. */
export function monthOf(time: number, later = 0): Date {
  const date = new Date(time);
  return new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + later));
}

const literal = (time: Date) => `'${time.toISOString()}'`;

/** Returns SQL of the bounds of a partition: what is before a month, or a month. */
export const boundsOf = (month: Date | 'before', until: Date) =>
  `for values from (${month === 'before' ? 'minvalue' : literal(month)}) to (${literal(until)})`;

/** Returns the name of a month's partition, such as `updates_2026_01`. */
const nameOf = (table: string, month: Date) =>
  `${table}_${month.toISOString().slice(0, 7).replace('-', '_')}`;

/** Creates the parts of a table that is partitioned by hash. */
export async function createParts(
  query: Query,
  table: string,
  partitions: number,
  name = table,
): Promise<void> {
  for (let part = 0; part < partitions; part++) {
    await query(
      `create table ${name}_part_${part} partition of ${table} for values with (modulus ${partitions}, remainder ${part})`,
    );
  }
}

/** Creates a partition as a table of its own, which nobody has to wait for. It is attached later. */
async function createAlone(query: Query, parent: string, name: string, partitions: number): Promise<void> {
  await query(
    `create table ${name} (like ${parent} including all)${partitions > 1 ? ` partition by hash (${PERSON})` : ''}`,
  );
  if (partitions > 1) await createParts(query, name, partitions);
}

/**
 * Creates the partitions of a timeline that is new: one for what is before all months, one for each month, and one for
 * times that none of them is for.
 *
 * @param parent The partitioned table, which may have another name still.
 * @param months The months, the first of them first.
 */
export async function createMonths(
  query: Query,
  {
    parent,
    table,
    months,
    partitions,
  }: { parent: string; table: Timeline; months: Date[]; partitions: number },
): Promise<void> {
  const [first = monthOf(Date.now())] = months;
  for (const month of ['before', ...months] as const) {
    const name = month === 'before' ? `${table}_before` : nameOf(table, month);
    await createAlone(query, parent, name, partitions);
    const until = month === 'before' ? first : monthOf(month.getTime(), 1);
    await query(`alter table ${parent} attach partition ${name} ${boundsOf(month, until)}`);
  }
  await query(`create table ${table}_default partition of ${parent} default`);
}

/** The settings of the partitions. */
export interface MonthOptions {
  /** The number of parts of a month that is new, by a hash of person. */
  partitions: number;
  /** The time in milliseconds since 1970. Default: now. */
  now?: number;
}

/**
 * Creates the partitions of this month and the next, where they are not there yet. Several processes may do so at once.
 * A table that is not partitioned stays as it is.
 */
export async function ensureMonths(
  database: Database,
  { partitions, now = Date.now() }: MonthOptions,
): Promise<void> {
  const missing = TIMELINES.flatMap(table =>
    [0, 1].map(later => ({ table, month: monthOf(now, later), name: nameOf(table, monthOf(now, later)) })),
  );
  const { rows } = await database.query<{ name: string }>(
    `select relname as name from pg_class where oid = to_regclass(relname)
       and (relname in (select jsonb_array_elements_text($1::jsonb)) or relname in (select jsonb_array_elements_text($2::jsonb))
       and relkind = 'p')`,
    [JSON.stringify(missing.map(({ name }) => name)), JSON.stringify(TIMELINES)],
  );
  const present = new Set(rows.map(({ name }) => name));
  for (const { table, month, name } of missing) {
    if (present.has(table) && !present.has(name))
      await createMonth(database, { table, month, name, partitions });
  }
}

async function createMonth(
  database: Database,
  { table, month, name, partitions }: { table: Timeline; month: Date; name: string; partitions: number },
): Promise<void> {
  const until = monthOf(month.getTime(), 1);
  try {
    await withBriefLocks(database, async query => {
      await createAlone(query, table, name, partitions);
      // What came for it before it was there: a clock was wrong, or nobody was here to create it.
      await query(`lock table ${table}_default in access exclusive mode`);
      await query(
        `with early as (delete from ${table}_default where time >= ${literal(month)} and time < ${literal(until)} returning *)
         insert into ${name} select * from early`,
      );
      await query(`alter table ${table} attach partition ${name} ${boundsOf(month, until)}`);
    });
  } catch (error) {
    // duplicate_table and unique_violation: another process was faster. invalid_object_definition: a partition has that time.
    if (!['42P07', '23505', '42P17'].includes(codeOf(error))) throw error;
  }
}

/** Creates the months that are coming, once a day. Returns a function that ends it. */
export function startMonths(database: Database, { partitions }: MonthOptions): () => Promise<void> {
  let running: Promise<void> = Promise.resolve();
  const timer = setInterval(() => {
    running = running
      .then(() => ensureMonths(database, { partitions }))
      .catch(error =>
        console.error('The next month has no partition yet. It is tried again in a day.', error),
      );
  }, DAY);
  return () => {
    clearInterval(timer);
    return running;
  };
}

/**
 * Drops the partitions whose every time is before a moment. One that is in use for long is left to be deleted row by
 * row. Returns the number of those dropped.
 */
export async function dropMonths(database: Database, before: Date): Promise<number> {
  const { rows } = await database.query<{ name: string }>(
    `select c.relname as name from pg_inherits i join pg_class c on c.oid = i.inhrelid
     where i.inhparent in (select to_regclass(jsonb_array_elements_text($1::jsonb)))
       and (regexp_match(pg_get_expr(c.relpartbound, c.oid), $2))[1]::timestamptz <= $3`,
    [JSON.stringify(TIMELINES), `TO \\('(.*?)'\\)`, before],
  );
  let dropped = 0;
  for (const { name } of rows) {
    try {
      await withBriefLocks(database, async query => void (await query(`drop table if exists ${name}`)));
      dropped++;
    } catch (error) {
      if (codeOf(error) !== '55P03') throw error;
    }
  }
  return dropped;
}
