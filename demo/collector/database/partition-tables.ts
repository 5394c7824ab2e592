import type { PartitionedTable } from './copy-statements.ts';
import { copyTable } from './copy-table.ts';
import { type Database, isUnreachable } from './database.ts';
import { createMonths, createParts, monthOf, TIMELINES, type Timeline } from './months.ts';

const TABLES: readonly PartitionedTable[] = [
  { name: 'updates', key: ['application_id', 'kind', 'id', 'time', 'entry_id'], by: 'range (time)' },
  {
    name: 'actions',
    key: ['application_id', 'transaction_id', 'id', 'time'],
    by: 'range (time)',
    transactions: 'action',
  },
  {
    name: 'api_calls',
    key: ['application_id', 'transaction_id', 'id', 'time'],
    by: 'range (time)',
    transactions: 'call',
  },
  { name: 'profiles', key: ['application_id', 'kind', 'id'], by: 'hash (application_id, id)' },
  {
    name: 'aliases',
    key: ['application_id', 'profile_kind', 'profile_id', 'name', 'digest'],
    by: 'hash (application_id, profile_id)',
  },
  {
    name: 'transactions',
    key: ['application_id', 'transaction_id', 'type'],
    by: 'hash (application_id, transaction_id)',
  },
];

/** The number of months with a partition each that old rows get, the latest. What is older is in one partition. */
const OLD_MONTHS = 24;

const isTimeline = (name: string): name is Timeline => (TIMELINES as readonly string[]).includes(name);

/** Returns the tables that are to be partitioned and are not. By hash they only are in more than one part. */
async function unpartitioned(database: Database, partitions: number): Promise<PartitionedTable[]> {
  const { rows } = await database.query<{ name: string }>(
    `select relname as name from pg_class where oid = to_regclass(relname) and relkind = 'r'
       and relname in (select jsonb_array_elements_text($1::jsonb))`,
    [JSON.stringify(TABLES.map(({ name }) => name))],
  );
  const plain = new Set(rows.map(({ name }) => name));
  return TABLES.filter(({ name }) => plain.has(name) && (partitions > 1 || isTimeline(name)));
}

/** Checks whether each table is partitioned that is to be. */
export async function arePartitioned(database: Database, partitions: number): Promise<boolean> {
  return partitions === 0 || (await unpartitioned(database, partitions)).length === 0;
}

/**
 * Partitions the tables of a database: those of the timeline by the month of `time` and then by a hash of person, the
 * others by the hash alone. Not each database with PostgreSQL's protocol has partitions: where it refuses them the tables
 * stay as they are, which is said at each start.
 *
 * Months go by `time`, the sender's, and not by `received_time`: lists and conversions ask for it, and retention deletes
 * what happened before its limit, whenever it came. A partition that ends before the limit so has nothing to keep. A
 * time is at most a minute ahead of ours when it is written.
 */
export async function partitionTables(database: Database, partitions: number): Promise<void> {
  try {
    for (const table of await unpartitioned(database, partitions)) {
      const { name } = table;
      if (isTimeline(name)) {
        const months = await monthsOf(database, name);
        await copyTable(database, table, (query, parent) =>
          createMonths(query, { parent, table: name, months, partitions }),
        );
      } else
        await copyTable(database, table, (query, parent) => createParts(query, parent, partitions, name));
    }
  } catch (error) {
    if (isUnreachable(error)) throw error;
    console.warn(
      `The tables are not partitioned (${(error as Error).message}). The collector works all the same. The next start tries again; PARTITIONS=0 leaves them as they are.`,
    );
  }
}

/** Returns the months that a new timeline has: those that rows are of, this one and the next. */
async function monthsOf(database: Database, table: Timeline): Promise<Date[]> {
  const { rows } = await database.query<{ month: number }>(
    `select distinct extract(epoch from date_trunc('month', time at time zone 'UTC'))::float8 * 1000 as month from ${table}`,
  );
  const [first, ...last] = [-OLD_MONTHS + 1, 0, 1].map(later => monthOf(Date.now(), later).getTime());
  const end = Math.max(...last);
  const old = rows.map(({ month }) => month).filter(month => month >= (first ?? 0) && month <= end);
  return [...new Set([...old, ...last])].sort((a, b) => a - b).map(month => new Date(month));
}
