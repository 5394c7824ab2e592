import { mirrorFunction, type PartitionedTable, sliceStatement } from './copy-statements.ts';
import { type Database, isConflict, type Query } from './database.ts';
import { withBriefLocks } from './locks.ts';
import { columnsOf, grantsOf, indexesOf, primaryKeyOf } from './table-shape.ts';

/** Creates the partitions of an empty table `parent`. */
type CreatePartitions = (query: Query, parent: string) => Promise<void>;

/**
 * Puts a partitioned table with the same rows in the place of a table. Others read and write meanwhile: a trigger writes to
 * both tables what they write, and the rows are copied slice by slice. At the end the old table is locked for as long as
 * it takes to rename the new one, and dropped. How far the copy is, is kept: one that was cut short goes on.
 */
export async function copyTable(
  database: Database,
  table: PartitionedTable,
  createPartitions: CreatePartitions,
): Promise<void> {
  const copy = new TableCopy(database, table, createPartitions);
  if (await copy.replaceEmpty()) return;
  await copy.begin();
  await copy.copyRows();
  await copy.replace();
}

class TableCopy {
  readonly #database: Database;
  readonly #query: Query;
  readonly #table: PartitionedTable;
  readonly #createPartitions: CreatePartitions;
  readonly #old: string;
  readonly #new: string;

  constructor(database: Database, table: PartitionedTable, createPartitions: CreatePartitions) {
    this.#database = database;
    this.#query = (statement, parameters) => database.query(statement, parameters);
    this.#table = table;
    this.#createPartitions = createPartitions;
    this.#old = table.name;
    this.#new = `${table.name}_partitioned`;
  }

  /** Replaces a table without rows, at once. Returns false for another. */
  async replaceEmpty(): Promise<boolean> {
    const isEmpty = async (query: Query) =>
      (await query(`select 1 from ${this.#old} limit 1`)).rows.length === 0 && !(await this.#hasBegun(query));
    if (!(await isEmpty(this.#query))) return false;
    let isDone = false;
    await withBriefLocks(this.#database, async query => {
      await query(`lock table ${this.#old} in access exclusive mode`);
      isDone = await isEmpty(query);
      if (!isDone) return;
      await this.#create(query);
      await this.#swap(query);
    });
    return isDone;
  }

  /** Creates the new table, to which all is written from now on. */
  async begin(): Promise<void> {
    await this.#database.query(
      'create table if not exists schema_copies (name text primary key, place jsonb)',
    );
    if (await this.#hasBegun(this.#query)) return;
    await withBriefLocks(this.#database, async query => {
      await this.#create(query);
      await this.#createTrigger(query);
      await query(
        `insert into schema_copies (name) values ($1) on conflict (name) do update set place = null`,
        [this.#old],
      );
    });
  }

  /** Copies the rows in the order of the primary key, from where an earlier copy ended. */
  async copyRows(): Promise<void> {
    const { rows } = await this.#database.query<{ place: string[] | null }>(
      'select place from schema_copies where name = $1',
      [this.#old],
    );
    const shape = {
      key: await primaryKeyOf(this.#query, this.#old),
      columns: await columnsOf(this.#query, this.#old),
    };
    for (let place = rows[0]?.place ?? null; ; ) {
      const statement = sliceStatement(this.#table, this.#new, shape, place !== null);
      try {
        const parameters = place === null ? [this.#old] : [this.#old, JSON.stringify(place)];
        const copied = await this.#database.query<{ place: string[] }>(statement, parameters);
        if (!copied.rows[0]) return;
        place = copied.rows[0].place;
      } catch (error) {
        // Who writes the same rows in another order may have waited for this statement, and this one for them.
        if (!isConflict(error)) throw error;
      }
    }
  }

  /** Puts the new table in the place of the old one. */
  async replace(): Promise<void> {
    // Planner and index scans know nothing of the new rows yet.
    await this.#database.query(`vacuum (analyze) ${this.#new}`);
    await withBriefLocks(this.#database, async query => {
      await query(`lock table ${this.#old} in access exclusive mode`);
      await this.#swap(query);
      await query('delete from schema_copies where name = $1', [this.#old]);
    });
    await this.#database.query(`drop function if exists ${this.#new}()`);
  }

  async #hasBegun(query: Query): Promise<boolean> {
    const { rows } = await query('select 1 where to_regclass($1) is not null', [this.#new]);
    return rows.length > 0;
  }

  async #create(query: Query): Promise<void> {
    const { key, by } = this.#table;
    await query(
      `create table ${this.#new} (like ${this.#old} including defaults including storage) partition by ${by}`,
    );
    await query(`alter table ${this.#new} add primary key (${key.join(', ')})`);
    for (const { index, definition } of await indexesOf(query, this.#old))
      await query(`create index ${this.#new}_${index} on ${this.#new} ${definition}`);
    for (const { privilege, grantee } of await grantsOf(query, this.#old))
      await query(`grant ${privilege} on ${this.#new} to ${grantee}`);
    await this.#createPartitions(query, this.#new);
  }

  async #createTrigger(query: Query): Promise<void> {
    await query(mirrorFunction(this.#table, this.#new, await columnsOf(query, this.#old)));
    await query(
      `create trigger ${this.#new} after insert or update or delete on ${this.#old}
       for each row execute function ${this.#new}()`,
    );
  }

  /** Drops the old table, and gives its name and those of its indexes to the new one. */
  async #swap(query: Query): Promise<void> {
    const indexes = await indexesOf(query, this.#old);
    await query(`drop table ${this.#old}`);
    await query(`alter table ${this.#new} rename to ${this.#old}`);
    await query(`alter index ${this.#new}_pkey rename to ${this.#old}_pkey`);
    for (const { index } of indexes) await query(`alter index ${this.#new}_${index} rename to ${index}`);
  }
}
