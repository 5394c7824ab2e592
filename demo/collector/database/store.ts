import { randomInt } from 'node:crypto';
import type { JsonObject } from '../json.ts';
import { channelOfProfile } from '../profiles/channel.ts';
import { type Times, timesOf } from '../profiles/merge.ts';
import type { MetadataTypes } from '../profiles/metadata-types.ts';
import type { Additions, Key, RequestedKey, Row } from '../profiles/rows.ts';
import { searchTextOf } from '../profiles/search-text.ts';
import type { Database } from './database.ts';
import type { Campaign } from './profiles.ts';
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

// The user whom a visitor has become is followed here, so that one round trip finds both. A row comes as one JSON value:
// to a driver 13 columns are 13 values, and most of its work.
const LOAD = `
  with asked as (
    select k.follow, p.* from jsonb_to_recordset($2::jsonb) as k(kind text, id text, follow boolean)
    cross join lateral ${rowOf('k.kind', 'k.id')} p
  )
  select row_to_json(asked) as row from asked
  union all
  select row_to_json(u) from asked cross join lateral ${rowOf("'user'", 'asked.merged_into')} u where asked.follow`;

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
  const { rows } = await database.query<{ row: StoredRow }>(LOAD, [applicationId, JSON.stringify(keys)]);
  return rows.map(({ row }) => toRow(row));
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
 * Writes everything in one statement, or nothing. Returns the rows as they are stored now. It rejects (see `isConflict`)
 * where a row no longer has the version it was read with, or was deleted, or a key of metadata has got another type. No
 * lock is held between two round trips: nobody waits for this process, however far away the database is.
 */
export async function save(database: Database, applicationId: string, content: Save): Promise<Row[]> {
  const rows = content.rows.map(row => ({ ...row, version: nextVersion(row) }));
  const aliases = content.aliases.map(alias => ({ ...alias, digest: digestOf(alias.value) }));
  const actions = content.actions.map(toActionRecord);
  const calls = content.calls.map(toCallRecord);
  const parts: [SavePart, unknown[]][] = [
    ['rows', rows.map((row, index) => ({ ...toRecord(row), is_new: content.rows[index]?.version === 0 }))],
    ['types', [...content.types].map(([key, type]) => ({ key, type }))],
    ['aliases', firsts(aliases, ({ kind, id, name, digest }) => JSON.stringify([kind, id, name, digest]))],
    ['entries', content.entries.map(toEntryRecord)],
    ['actions', firsts(actions, ({ transaction_id }) => transaction_id)],
    ['calls', firsts(calls, ({ transaction_id }) => transaction_id)],
  ];
  const written = parts.filter(([, records]) => records.length > 0);
  const names: SavePart[] = written.map(([name]) => name);
  if (content.isNewApplication) names.push('application');
  await database.query(saveStatement(names), [
    applicationId,
    ...written.map(([, records]) => JSON.stringify(records)),
    content.rows.length + content.types.size,
  ]);
  return rows;
}

/**
 * Returns the version that a row is written with. It begins anywhere: what another process remembers of a profile that
 * was deleted must not pass for the one that has begun since.
 */
function nextVersion({ version }: Row): number {
  return version === 0 ? randomInt(1, 2 ** 30) : version + 1;
}

function toRow(stored: StoredRow): Row {
  const { kind, id, version, merged_into: mergedInto, campaign, metadata } = stored;
  const texts = TEXTS.flatMap(name => (stored[name] === null ? [] : [[name, stored[name]]]));
  const value: JsonObject = { ...Object.fromEntries(texts), campaign, metadata };
  const modifiedTime = Date.parse(stored.modified_time);
  const times = stored.times ?? timesOf(value, modifiedTime);
  const createdTime = Date.parse(stored.created_time);
  return { kind, id, version, mergedInto, doc: { value, times }, createdTime, modifiedTime, size: 0 };
}

function toRecord({ kind, id, version, mergedInto, doc, createdTime, modifiedTime }: Row): object {
  const { campaign = {}, metadata = {}, ...texts } = doc.value as JsonObject;
  return {
    kind,
    id,
    version,
    merged_into: mergedInto,
    ...texts,
    campaign,
    metadata,
    times: doc.times,
    channel: kind === 'company' ? null : channelOfProfile(campaign as Campaign, metadata as JsonObject),
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
