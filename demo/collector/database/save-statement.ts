import { countPeople } from './campaign-counts.ts';
import { MOVE } from './positions.ts';

/** A part of a save statement. */
export type SavePart =
  | 'position'
  | 'rows'
  | 'types'
  | 'unchanged'
  | 'aliases'
  | 'entries'
  | 'actions'
  | 'calls'
  | 'application';

const ROW_COLUMNS = `kind text, id text, version int, merged_into text, company_id text, company_domain text,
  campaign jsonb, metadata jsonb, ip_address text, user_agent_string text, times jsonb, search_text text,
  channel text, created_time timestamptz, identified_time timestamptz, modified_time timestamptz`;
const ROW_NAMES = ROW_COLUMNS.replaceAll(/ (text|int|jsonb|timestamptz)/g, '');
const ROW_UPDATES = [...ROW_NAMES.split(/,\s*/), 'size']
  .filter(name => name !== 'kind' && name !== 'id')
  .map(name => `${name} = excluded.${name}`);

/**
 * The SQL of each part. `$1` is the application, `json` the parameter with the records, of which no two have
 * the same key. Records are written in the order of their keys: of two statements one then waits for the
 * other, and not each for each.
 */
const PARTS: Record<SavePart, (json: string) => string> = {
  position: MOVE,
  // A row that is not new has to be there still: one that was deleted since it was read must not come back.
  rows: () => `
    insert into profiles (application_id, ${ROW_NAMES}, size)
    select $1, ${ROW_NAMES}, octet_length(campaign::text) + octet_length(metadata::text)
    from given where is_new or exists (
      select 1 from profiles p where p.application_id = $1 and p.kind = given.kind and p.id = given.id for update)
    order by kind, id
    on conflict (application_id, kind, id) do update set ${ROW_UPDATES.join(', ')}
    where profiles.version = excluded.version - 1 returning 1`,
  types: json => `
    insert into metadata_types (application_id, key, type)
    select $1, key, type from jsonb_to_recordset(${json}::jsonb) as r(key text, type text) order by key
    on conflict (application_id, key) do update set type = excluded.type
    where metadata_types.type = excluded.type returning 1`,
  // As of the statement's beginning: who changes them meanwhile comes after it.
  unchanged: json => `
    select 1 from jsonb_to_recordset(${json}::jsonb) as r(kind text, id text, version int)
    cross join lateral (
      select version from profiles where application_id = $1 and kind = r.kind and id = r.id limit 1
    ) p where p.version = r.version`,
  aliases: json => `
    insert into aliases (application_id, profile_kind, profile_id, name, digest, value)
    select $1, kind, id, name, digest, value
    from jsonb_to_recordset(${json}::jsonb) as r(kind text, id text, name text, digest text, value text)
    order by kind, id, name, digest
    on conflict (application_id, profile_kind, profile_id, name, digest) do update set seen_time = now()
    where excluded.name = 'session_token'`,
  entries: json => `
    insert into updates (application_id, kind, id, time, entry_id, received_time, body, size)
    select $1, kind, id, time, entry_id, received, update, octet_length(update::text)
    from jsonb_to_recordset(${json}::jsonb)
      as r(kind text, id text, time timestamptz, entry_id text, received timestamptz, update jsonb)`,
  actions: () => `
    insert into actions (application_id, transaction_id, kind, id, time, action_name, company_id, request,
      metadata, rejected, size)
    select $1, transaction_id, kind, id, time, action_name, company_id, request, metadata, rejected,
      octet_length(request::text) + octet_length(metadata::text) + coalesce(octet_length(rejected::text), 0)
    from given_actions join first_actions using (transaction_id) order by transaction_id
    on conflict do nothing`,
  calls: () => `
    insert into api_calls
      (application_id, transaction_id, kind, id, time, received_time, company_id, weight, content, size)
    select $1, transaction_id, kind, id, time, received, company_id, weight, content, octet_length(content::text)
    from given_calls join first_calls using (transaction_id) order by transaction_id
    on conflict do nothing`,
  application: () => 'insert into applications values ($1) on conflict do nothing',
};

/** The records of a part as they are given, read from their JSON once. */
const given = (name: string, json: string, columns: string) =>
  `${name} as materialized (select * from jsonb_to_recordset(${json}::jsonb) as r(${columns}))`;

/** The transactions of these records that are stored for the first time. Nobody else stores one at the same time. */
const first = (part: 'actions' | 'calls', type: string, time: string) => `first_${part} as (
    insert into transactions (application_id, type, transaction_id, time)
    select $1, '${type}', transaction_id, ${time} from given_${part} order by transaction_id
    on conflict do nothing returning transaction_id)`;

/** What the SQL of a part builds on. */
const BEFORE: Partial<Record<SavePart, (json: string) => string[]>> = {
  rows: json => [given('given', json, `${ROW_COLUMNS}, is_new boolean`)],
  actions: json => [
    given(
      'given_actions',
      json,
      `transaction_id text, kind text, id text, time timestamptz, action_name text, company_id text,
        request jsonb, metadata jsonb, rejected jsonb`,
    ),
    first('actions', 'action', 'time'),
  ],
  calls: json => [
    given(
      'given_calls',
      json,
      `transaction_id text, kind text, id text, time timestamptz, received timestamptz, company_id text,
        weight int, content jsonb`,
    ),
    first('calls', 'call', 'least(time, received)'),
  ],
};

// What is stored is what the rows were read as: one that is not has another version, and undoes everything.
const COUNTS = countPeople(`
  select $1::text as application_id, kind, merged_into, channel, campaign, created_time, identified_time,
    1 as sign from given
  union all
  select p.application_id, p.kind, p.merged_into, p.channel, p.campaign, p.created_time, p.identified_time, -1
  from given g cross join lateral (
    select * from profiles where application_id = $1 and kind = g.kind and id = g.id limit 1
  ) p`);

/** Tells whether each record of a part has to be written, or to be as it was. */
export const isCounted = (part: SavePart): boolean =>
  ['position', 'rows', 'types', 'unchanged'].includes(part);

const statements = new Map<string, string>();

/**
 * Builds the statement that writes these parts, whose records are its parameters from `$2` on. The last
 * parameter is the number of the records that are counted. Where fewer were written, or are as they were, another writer
 * was faster, and a division by zero undoes everything.
 */
export function saveStatement(parts: readonly SavePart[]): string {
  const name = parts.join();
  const cached = statements.get(name);
  if (cached) return cached;
  const counted = parts.filter(isCounted);
  const steps = parts.flatMap((part, index) => {
    const json = `$${index + 2}`;
    const steps = [...(BEFORE[part]?.(json) ?? []), `new_${part} as (${PARTS[part](json)})`];
    return part === 'rows' ? [...steps, `new_counts as (${COUNTS})`] : steps;
  });
  const written = counted.map(part => `(select count(*) from new_${part})`).join(' + ') || '0';
  const last = `$${parts.filter(part => part !== 'application').length + 2}`;
  const statement = `with ${steps.join(',')}
    select 1 / (case when ${written} = ${last}::int then 1 else 0 end) as saved`;
  statements.set(name, statement);
  return statement;
}
