import { CAMPAIGN_FIELDS } from '../profiles/updates.ts';
import { IS_PERSON, indexed } from './conditions.ts';
import type { Database } from './database.ts';
import { sortOf } from './sorts.ts';

/** Work of a step that is more than a statement. */
export type Work = (database: Database) => Promise<void>;

/**
 * Returns the work that creates an index. Others read and write meanwhile: PostgreSQL builds it beside them, and takes
 * no lock that they would wait for. One that was cut short is removed first, as it would never be used. The index of a
 * partitioned table is made of one for each of its parts, which it has once all of them are there.
 */
export const createIndex =
  (name: string, definition: string): Work =>
  async database => {
    const { rows } = await database.query<{ is_partitioned: boolean }>(
      `select c.relkind = 'I' as is_partitioned from pg_index i join pg_class c on c.oid = i.indexrelid
       where i.indexrelid = to_regclass($1) and not i.indisvalid`,
      [name],
    );
    for (const { is_partitioned } of rows)
      await database.query(`drop index ${is_partitioned ? '' : 'concurrently'} if exists ${name}`);
    const [table = '', ...rest] = definition.split(' ');
    const parts = await partsOf(database, table);
    if (!parts) {
      await database.query(`create index concurrently if not exists ${name} on ${definition}`);
      return;
    }
    await database.query(`create index if not exists ${name} on only ${definition}`);
    for (const part of parts) {
      const own = name.replace(table, part);
      await createIndex(own, [part, ...rest].join(' '))(database);
      await database.query(`alter index ${name} attach partition ${own}`);
    }
  };

/** Returns the names of a table's parts, or undefined where it is not partitioned. */
async function partsOf(database: Database, table: string): Promise<string[] | undefined> {
  const { rows } = await database.query<{ part: string | null }>(
    `select p.relname as part from pg_class c left join pg_inherits i on i.inhparent = c.oid
       left join pg_class p on p.oid = i.inhrelid
     where c.oid = to_regclass($1) and c.relkind = 'p' order by p.relname`,
    [table],
  );
  return rows.length > 0 ? rows.flatMap(({ part }) => part ?? []) : undefined;
}

/** Returns the work that creates an index of people in the order of the list, below what is the same for all of them. */
const listIndex = (name: string, first?: string, isPresent?: string): Work =>
  createIndex(
    `profiles_by_${name}`,
    `profiles (application_id, ${first ? `${first}, ` : ''}modified_time, kind, id)
     where ${IS_PERSON}${isPresent ? ` and ${isPresent} is not null` : ''}`,
  );

/** The indexes of the list: one for each condition that is an equality. They give the order, so that nothing is sorted. */
export const LIST_INDEXES: readonly Work[] = [
  listIndex('time'),
  createIndex('profiles_by_kind', `profiles (application_id, kind, modified_time, id) where ${IS_PERSON}`),
  listIndex('channel', indexed('channel')),
  listIndex('company', indexed('company_id'), 'company_id'),
  ...CAMPAIGN_FIELDS.map(field => {
    const value = `(campaign ->> '${field}')`;
    return listIndex(field, indexed(value), value);
  }),
];

/** The indexes of the list's other orders. A condition is checked on the way, or its own index is sorted. */
export const SORT_INDEXES: readonly Work[] = (['first_seen', 'signed_up', 'name'] as const).map(name => {
  const { key, tie, isPresent } = sortOf(name);
  return createIndex(
    `profiles_by_${name}`,
    `profiles (application_id, (${key}), kind, (${tie})) where ${IS_PERSON}${isPresent ? ` and ${isPresent}` : ''}`,
  );
});

/**
 * Removes what the filling left behind, so that rows can be counted in an index alone, and learns what the values are.
 * A database that cleans up by itself may not know the first.
 */
export const vacuum: Work = async database => {
  await database.query('vacuum (analyze) profiles').catch(() => database.query('analyze profiles'));
  await database.query('analyze aliases');
};

/**
 * Finds the owners of a token. Its name is last: by application and name alone the old index looked as good as the
 * primary key where the planner has no statistics, and had a profile read all aliases of the application.
 */
export const TOKEN_INDEX = createIndex('aliases_by_token', 'aliases (application_id, digest, name)');

/** Checks whether words can be found by the index of trigrams. */
export async function hasSearchIndex(database: Database): Promise<boolean> {
  const { rows } = await database.query(
    `select 1 from pg_index where indexrelid = to_regclass('profiles_by_text') and indisvalid`,
  );
  return rows.length > 0;
}

/**
 * Creates the index of trigrams by which words are found anywhere in a profile, where the database has the extension
 * and lets it be created. Without it a search reads the application's profiles one by one, and says so at each start.
 */
export async function createSearchIndex(database: Database): Promise<void> {
  try {
    await database.query('create extension if not exists pg_trgm');
    await createIndex('profiles_by_text', 'profiles using gin (search_text gin_trgm_ops)')(database);
  } catch (error) {
    console.warn(
      `The search is slow from 100,000 profiles on, as the database has no trigrams (${(error as Error).message}). Have its owner run: create extension pg_trgm`,
    );
  }
}
