import type { JsonObject } from '../json.ts';
import { type Times, timesOf } from '../profiles/merge.ts';
import type { MetadataTypes } from '../profiles/metadata-types.ts';
import type { Additions, Key, RequestedKey, Row } from '../profiles/rows.ts';
import { searchTextOf } from '../profiles/search-text.ts';
import { CAMPAIGN_FIELDS } from '../profiles/updates.ts';
import { inTurns } from '../turns.ts';
import { type Chunk, toChunks } from './chunks.ts';
import type { Database } from './database.ts';
import { digestOf, toActionRecord, toCallRecord, toEntryRecord } from './records.ts';
import { type SavePart, saveStatement } from './save-statement.ts';

interface StoredRow extends Key {
  version: number;
  merged_into: string | null;
  company_id: string | null;
  company_domain: string | null;
  ip_address: string | null;
  user_agent_string: string | null;
  campaign: JsonObject;
  metadata: JsonObject;
  times: Times | null;
  created_time: string;
  modified_time: string;
}

/** The content of one save, written as a whole or not at all. */
export interface Save extends Additions {
  /** Rows, each with the version it was read with. */
  rows: Row[];
  types: MetadataTypes;
  /** True if the application may be new. */
  isNewApplication: boolean;
}

const TEXTS = ['company_id', 'company_domain', 'ip_address', 'user_agent_string'] as const;

const COLUMNS = `kind, id, version, merged_into, ${TEXTS.join(', ')}, campaign, metadata, times,
  created_time, modified_time`;

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
 * Writes everything in one statement, or nothing; what is large in several statements of one transaction. It rejects (see `isConflict`) where a row no longer has the
 * version it was read with, or a key of metadata has got another type. No lock is held between two round
 * trips: nobody waits for this process, however far away the database is.
 */
export async function save(database: Database, applicationId: string, content: Save): Promise<void> {
  const aliases = content.aliases.map(alias => ({ ...alias, digest: digestOf(alias.value) }));
  const actions = content.actions.map(toActionRecord);
  const calls = content.calls.map(toCallRecord);
  const parts: [SavePart, Iterable<unknown>][] = [
    ['rows', mapped(content.rows, toRecord)],
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
    const count = content.rows.length + content.types.size;
    await database.query(saveStatement(names), [applicationId, ...chunks.map(({ json }) => json), count]);
    return;
  }
  await database.transaction(async query => {
    for (const { name, json, count } of chunks) {
      const isCounted = name === 'rows' || name === 'types';
      await query(saveStatement([name]), [applicationId, json, isCounted ? count : 0]);
    }
    if (content.isNewApplication) await query(saveStatement(['application']), [applicationId, 0]);
  });
}

function* mapped<Item, Result>(items: Iterable<Item>, toResult: (item: Item) => Result): Generator<Result> {
  for (const item of items) yield toResult(item);
}

function toRow(stored: StoredRow): Row {
  const { kind, id, version, merged_into: mergedInto, campaign, metadata } = stored;
  const texts = TEXTS.flatMap(name => (stored[name] === null ? [] : [[name, stored[name]]]));
  const value: JsonObject = { ...Object.fromEntries(texts), campaign, metadata };
  const modifiedTime = Date.parse(stored.modified_time);
  const times = withoutUnknown(stored.times ?? timesOf(value, modifiedTime));
  const createdTime = Date.parse(stored.created_time);
  return { kind, id, version, mergedInto, doc: { value, times }, createdTime, modifiedTime, size: 0 };
}

/** Leaves the times of campaign fields out that there are none of. They were kept once, without end. */
function withoutUnknown(times: Times): Times {
  const campaign = typeof times === 'number' ? undefined : times[2].campaign;
  if (typeof times === 'number' || campaign === undefined || typeof campaign === 'number') return times;
  const known = CAMPAIGN_FIELDS.flatMap(name => {
    const time = campaign[2][name];
    return time === undefined ? [] : [[name, time] as const];
  });
  const [written, cleared, keys] = times;
  return [written, cleared, { ...keys, campaign: [campaign[0], campaign[1], Object.fromEntries(known)] }];
}

function toRecord({ kind, id, version, mergedInto, doc, createdTime, modifiedTime }: Row): object {
  const { campaign = {}, metadata = {}, ...texts } = doc.value as JsonObject;
  return {
    kind,
    id,
    version: version + 1,
    merged_into: mergedInto,
    ...texts,
    campaign,
    metadata,
    times: doc.times,
    search_text: searchTextOf(id, doc.value as JsonObject),
    created_time: new Date(createdTime),
    modified_time: new Date(modifiedTime),
  };
}

/** Keeps the first item of each key. */
function firsts<Item>(items: Item[], keyOf: (item: Item) => string): Item[] {
  const byKey = new Map<string, Item>();
  for (const item of items) if (!byKey.has(keyOf(item))) byKey.set(keyOf(item), item);
  return [...byKey.values()];
}
