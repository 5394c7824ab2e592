import type { MetadataTypes } from '../profiles/metadata-types.ts';
import type { Additions, RequestedKey, Row } from '../profiles/rows.ts';
import { inTurns } from '../turns.ts';
import { type Chunk, toChunks } from './chunks.ts';
import type { Database } from './database.ts';
import type { Step } from './positions.ts';
import { digestOf, toActionRecord, toCallRecord, toEntryRecord } from './records.ts';
import { nextVersion, TEXTS, toRow, toRowRecord } from './row-records.ts';
import { isCounted, type SavePart, saveStatement } from './save-statement.ts';

/** The content of one save, written as a whole or not at all. */
export interface Save extends Additions {
  /** Rows, each with the version it was read with. */
  rows: Row[];
  /** Rows of a cache that are not written, but have to be stored as they are for the others to be right. */
  unchanged: Row[];
  types: MetadataTypes;
  /** The step in the queue that the content is of. */
  step?: Step | undefined;
  /** True if the application may be new. */
  isNewApplication: boolean;
}

const COLUMNS = `kind, id, version, merged_into, ${TEXTS.join(', ')}, campaign, metadata, times,
  created_time, identified_time, modified_time`;

// `limit 1` keeps the planner from thinking of a join: it can't know how few keys there are, and would read the table.
const rowOf = (kind: string, id: string) =>
  `(select ${COLUMNS} from profiles where application_id = $1 and kind = ${kind} and id = ${id} limit 1)`;

// The user whom a visitor has become is followed here, so that one round trip finds both. A row comes as one text:
// to a driver 13 columns are 13 values, and most of its work, and a text is parsed when it is this process's turn.
const LOAD = `
  with asked as (
    select k.follow, p.* from jsonb_to_recordset($2::jsonb) as k(kind text, id text, follow boolean)
    cross join lateral ${rowOf('k.kind', 'k.id')} p
  )
  select row_to_json(asked)::text as row from asked
  union all
  select row_to_json(u)::text from asked cross join lateral ${rowOf("'user'", 'asked.merged_into')} u where asked.follow`;

/**
 * Loads the rows under these keys. A visitor's key with `follow` also loads the user whom the visitor has
 * become.
 */
export async function loadRows(
  database: Database,
  applicationId: string,
  keys: RequestedKey[],
): Promise<Row[]> {
  if (keys.length === 0) return [];
  const { rows } = await database.query<{ row: string }>(LOAD, [applicationId, JSON.stringify(keys)]);
  return inTurns(
    (function* () {
      const loaded: Row[] = [];
      for (const { row } of rows) {
        loaded.push(toRow(JSON.parse(row)));
        yield;
      }
      return loaded;
    })(),
  );
}

/** Loads the types of those keys of metadata that the application has seen. */
export async function loadTypes(
  database: Database,
  applicationId: string,
  keys: string[],
): Promise<MetadataTypes> {
  if (keys.length === 0) return new Map();
  const { rows } = await database.query<{ key: string; type: string }>(
    `select key, type from metadata_types
     where application_id = $1 and key in (select jsonb_array_elements_text($2::jsonb))`,
    [applicationId, JSON.stringify(keys)],
  );
  return new Map(rows.map(({ key, type }) => [key, type])) as MetadataTypes;
}

/**
 * Writes everything, or nothing: in one statement, and what is large in several of one transaction. Returns the rows as
 * they are stored now. It rejects (see `isConflict`) where a row no longer has the version it was read with, or was
 * deleted, or a key of metadata has got another type. No lock is held between two round trips, but for what is large:
 * nobody waits for this process, however far away the database is.
 */
export async function save(database: Database, applicationId: string, content: Save): Promise<Row[]> {
  const rows = content.rows.map(row => ({ ...row, version: nextVersion(row) }));
  const aliases = content.aliases.map(alias => ({ ...alias, digest: digestOf(alias.value) }));
  const actions = content.actions.map(toActionRecord);
  const calls = content.calls.map(toCallRecord);
  const parts: [SavePart, Iterable<unknown>][] = [
    ['position', content.step ? [content.step] : []],
    [
      'rows',
      mapped(content.rows.entries(), ([index, { version }]) =>
        toRowRecord(rows[index] as Row, version === 0),
      ),
    ],
    ['unchanged', mapped(content.unchanged, ({ kind, id, version }) => ({ kind, id, version }))],
    ['types', mapped(content.types, ([key, type]) => ({ key, type }))],
    ['aliases', firsts(aliases, ({ kind, id, name, digest }) => JSON.stringify([kind, id, name, digest]))],
    ['entries', mapped(content.entries, toEntryRecord)],
    ['actions', firsts(actions, ({ transaction_id }) => transaction_id)],
    ['calls', firsts(calls, ({ transaction_id }) => transaction_id)],
  ];
  const chunks: Chunk[] = [];
  for (const [name, part] of parts) chunks.push(...(await inTurns(toChunks(name, part))));
  const isOne = chunks.every(({ name }, index) => name !== chunks[index - 1]?.name);
  if (isOne) {
    const names = chunks.map(({ name }) => name);
    if (content.isNewApplication) names.push('application');
    const { unchanged, types, step } = content;
    const count = rows.length + unchanged.length + types.size + (step ? 1 : 0);
    await database.query(saveStatement(names), [applicationId, ...chunks.map(({ json }) => json), count]);
    return rows;
  }
  await database.transaction(async query => {
    for (const { name, json, count } of chunks) {
      await query(saveStatement([name]), [applicationId, json, isCounted(name) ? count : 0]);
    }
    if (content.isNewApplication) await query(saveStatement(['application']), [applicationId, 0]);
  });
  return rows;
}

function* mapped<Item, Result>(items: Iterable<Item>, toResult: (item: Item) => Result): Generator<Result> {
  for (const item of items) yield toResult(item);
}

/** Keeps the first item of each key. */
function firsts<Item>(items: Item[], keyOf: (item: Item) => string): Item[] {
  const byKey = new Map<string, Item>();
  for (const item of items) if (!byKey.has(keyOf(item))) byKey.set(keyOf(item), item);
  return [...byKey.values()];
}
