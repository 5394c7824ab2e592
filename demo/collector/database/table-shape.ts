import type { Query } from './database.ts';

/** A column of a primary key, with its type in SQL. */
export interface KeyColumn {
  name: string;
  type: string;
}

/** Returns the columns of a table's primary key, in its order. */
export async function primaryKeyOf(query: Query, table: string): Promise<KeyColumn[]> {
  const { rows } = await query<KeyColumn>(
    `select a.attname as name, format_type(a.atttypid, a.atttypmod) as type
     from pg_index i cross join lateral unnest(i.indkey) with ordinality k(number, position)
     join pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.number
     where i.indrelid = to_regclass($1) and i.indisprimary order by k.position`,
    [table],
  );
  return rows;
}

/** Returns the names of a table's columns, quoted where SQL needs it. */
export async function columnsOf(query: Query, table: string): Promise<string[]> {
  const { rows } = await query<{ name: string }>(
    `select quote_ident(attname) as name from pg_attribute
     where attrelid = to_regclass($1) and attnum > 0 and not attisdropped order by attnum`,
    [table],
  );
  return rows.map(({ name }) => name);
}

/** Returns the indexes of a table besides its primary key, with what follows the table's name in their SQL. */
export async function indexesOf(
  query: Query,
  table: string,
): Promise<{ index: string; definition: string }[]> {
  const { rows } = await query<{ index: string; definition: string }>(
    `select c.relname as index, substring(pg_get_indexdef(i.indexrelid) from ' (USING .*)$') as definition
     from pg_index i join pg_class c on c.oid = i.indexrelid
     where i.indrelid = to_regclass($1) and i.indisvalid and not i.indisprimary order by c.relname`,
    [table],
  );
  return rows;
}

/** Returns who may do what with a table, besides its owner. */
export async function grantsOf(
  query: Query,
  table: string,
): Promise<{ privilege: string; grantee: string }[]> {
  const { rows } = await query<{ privilege: string; grantee: string }>(
    `select a.privilege_type as privilege,
       case a.grantee when 0 then 'public' else quote_ident(pg_get_userbyid(a.grantee)) end as grantee
     from pg_class c cross join lateral aclexplode(c.relacl) a
     where c.oid = to_regclass($1) and a.grantee <> c.relowner`,
    [table],
  );
  return rows;
}
