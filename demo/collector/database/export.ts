import type { JsonObject } from '../json.ts';
import type { Database } from './database.ts';
import { PERSON, type PersonQuery, parametersOf } from './person.ts';

/** A table of an export: how its rows are found and ordered. */
interface Part {
  /** Its name in the export. */
  name: string;
  from: string;
  /** What its rows are told apart by, in their order. The first page begins after nothing. */
  order: string[];
}

const OWNED = 'join own o on x.kind = o.kind and x.id = o.id';
const ACTED = 'join actor o on x.kind = o.kind and x.id = o.id';

const PARTS: readonly Part[] = [
  { name: 'profiles', from: `profiles x ${OWNED}`, order: ['x.kind', 'x.id'] },
  {
    name: 'aliases',
    from: 'aliases x join own o on x.profile_kind = o.kind and x.profile_id = o.id',
    order: ['x.profile_kind', 'x.profile_id', 'x.name', 'x.digest'],
  },
  { name: 'updates', from: `updates x ${OWNED}`, order: ['x.time', 'x.kind', 'x.id', 'x.entry_id'] },
  { name: 'actions', from: `actions x ${ACTED}`, order: ['x.time', 'x.transaction_id'] },
  { name: 'calls', from: `api_calls x ${ACTED}`, order: ['x.time', 'x.transaction_id'] },
];

/** The number of rows that are read at once: each may have a megabyte. */
const PAGE = 20;

/**
 * Reads all rows that are stored of one person, as they are stored, the oldest first. Yields the name of each table
 * with a page of its rows; a table without rows has one empty page.
 */
export async function* readPerson(
  database: Database,
  query: PersonQuery,
): AsyncGenerator<{ name: string; rows: JsonObject[] }> {
  for (const { name, from, order } of PARTS) {
    const statement = (after: string) => `with ${PERSON}
      select to_jsonb(x) as row, jsonb_build_array(${order.join(', ')}) as place from (
        select x.* from ${from} where x.application_id = $1 ${after}
        order by ${order.join(', ')} limit ${PAGE}
      ) x order by ${order.join(', ')}`;
    // The time of a place is read back as text: JavaScript's dates know no microseconds.
    const types = order.map(column => (column === 'x.time' ? 'timestamptz' : 'text'));
    const place = types.map((type, index) => `($4::jsonb ->> ${index})::${type}`);
    const next = statement(`and (${order.join(', ')}) > (${place.join(', ')})`);
    let last: string[] | undefined;
    do {
      const [text, parameters] = last ? [next, [JSON.stringify(last)]] : [statement(''), []];
      const { rows } = await database.read<{ row: JsonObject; place: string[] }>(text, [
        ...parametersOf(query),
        ...parameters,
      ]);
      yield { name, rows: rows.map(({ row }) => row) };
      last = rows.length === PAGE ? rows.at(-1)?.place : undefined;
    } while (last);
  }
}
