import type { KeyColumn } from './table-shape.ts';

/** The number of rows that one statement copies. */
const SLICE = 1000;

/** A table that is to be partitioned. */
export interface PartitionedTable {
  name: string;
  /** The columns that tell its rows apart, with those that it is partitioned by. */
  key: readonly string[];
  /** SQL of what it is partitioned by. */
  by: string;
  /** The type of its rows in `transactions`, if they are there. */
  transactions?: 'action' | 'call';
}

/** Returns SQL that adds rows of a table to `transactions`, if it is one of those that are there. */
function addTransactions({ transactions, name }: PartitionedTable, rows: string): string | undefined {
  if (!transactions) return undefined;
  const time = name === 'actions' ? 'time' : 'least(time, received_time)';
  return `insert into transactions (application_id, type, transaction_id, time)
    select application_id, '${transactions}', transaction_id, ${time} from ${rows} r on conflict do nothing`;
}

/**
 * Returns the statement that copies a slice of rows, in the order of the primary key, and keeps its end as the place in
 * `schema_copies`. `$1` is the table's name, and `$2` the place after which it goes on.
 */
export function sliceStatement(
  table: PartitionedTable,
  copy: string,
  { key, columns }: { key: KeyColumn[]; columns: string[] },
  isFurther: boolean,
): string {
  const names = key.map(({ name }) => name).join(', ');
  const place = key.map(({ type }, index) => `($2::jsonb ->> ${index})::${type}`).join(', ');
  const transactions = addTransactions(table, 'slice');
  // The lock keeps a row from being deleted between its reading and its writing: it would come back.
  return `
    with slice as materialized (
      select * from ${table.name} ${isFurther ? `where (${names}) > (${place})` : ''}
      order by ${names} limit ${SLICE} for key share
    ), copied as (
      insert into ${copy} (${columns.join(', ')}) select ${columns.join(', ')} from slice on conflict do nothing
    )${transactions ? `, transacted as (${transactions})` : ''}, last as (
      select jsonb_build_array(${names}) as place from slice
      order by ${key.map(({ name }) => `${name} desc`).join(', ')} limit 1
    )
    update schema_copies c set place = last.place from last where c.name = $1 returning c.place`;
}

/** Returns the statement that creates the trigger's function: it does to the copy what is done to a row of the table. */
export function mirrorFunction(table: PartitionedTable, copy: string, columns: string[]): string {
  const { key, transactions } = table;
  const added = addTransactions(table, '(select new.*)');
  const forget = `delete from transactions where application_id = old.application_id and type = '${transactions}'
    and transaction_id = old.transaction_id;`;
  return `
    create or replace function ${copy}() returns trigger language plpgsql as $$ begin
      if tg_op = 'DELETE' then
        delete from ${copy} where ${key.map(name => `${name} = old.${name}`).join(' and ')};
        ${transactions ? forget : ''}
      else
        insert into ${copy} (${columns.join(', ')}) values (${columns.map(name => `new.${name}`).join(', ')})
        on conflict (${key.join(', ')}) do update set ${columns.map(name => `${name} = excluded.${name}`).join(', ')};
        ${added ? `${added};` : ''}
      end if;
      return null;
    end $$`;
}
