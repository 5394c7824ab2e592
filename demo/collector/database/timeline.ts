import type { JsonObject } from '../json.ts';
import { applicationsOf, conditionOf, type Parameter, type ProfileFilter } from './conditions.ts';
import { type Place, placeTime, toCursor } from './cursor.ts';
import type { Database } from './database.ts';
import { MAX_PAGE_SIZE } from './list.ts';

/** An entry of a person's timeline. */
export interface TimelineEntry {
  type: 'update' | 'action' | 'call';
  /** The time it happened, as the sender reported it. */
  time: string;
  /** The time it arrived; for actions the same as `time`. */
  received_time: string;
  /** The visitor who sent it and became this user later, if one did. */
  anonymous_id: string | null;
  /**
   * The content. An update's `campaign` makes it a touch. An action has `action_name`, `request` and
   * `metadata`. A call has `weight`, `request`, and what else was recorded of it. `rejected` names the keys of metadata
   * that were left out of an update or an action.
   */
  body: JsonObject;
}

/** A page of a timeline. */
export interface TimelinePage {
  timeline: TimelineEntry[];
  /** The cursor after which it goes on, or null at its end. */
  next: string | null;
}

/** A person whose timeline can be read. */
export interface Person {
  application_id: string;
  kind: 'user' | 'anonymous';
  id: string;
}

interface EntryRow extends Omit<TimelineEntry, 'time' | 'received_time'> {
  time: Date;
  received_time: Date;
  place_time: string;
  entry: string;
  /** The number of entries that were found, also of those too many for the page's size. */
  found: number;
}

/** The keys of a place in a timeline, after its time: the entry's id and type. */
export const TIMELINE_KEYS = 2;

const ORDER = 'time desc, entry desc, type desc';

/** SQL of the newest entries of one table, asked person by person: each is at the end of an index. */
const entriesOf = (
  type: TimelineEntry['type'],
  actors: string,
  table: string,
  columns: { entry: string; received: string; content: string; size: string },
) => `
  select '${type}' as type, e.* from ${actors} o cross join lateral (
    select time, ${columns.received} as received_time, ${columns.entry} as entry,
      case when kind = 'anonymous' then id end as anonymous_id, ${columns.content},
      coalesce(size, ${columns.size}) as size
    from ${table}
    where application_id = $1 and kind = o.kind and id = o.id
      and ($5::timestamptz is null or (time <= $5 and (time, ${columns.entry}, '${type}') < ($5, $6::text, $7::text)))
    order by time desc, ${columns.entry} desc limit $4
  ) e`;

const UPDATES = entriesOf('update', 'person', 'updates', {
  entry: 'entry_id',
  received: 'received_time',
  content: 'null::text as name, null::int as weight, null::jsonb as request, null::jsonb as rejected, body',
  size: 'octet_length(body::text)',
});
const ACTIONS = entriesOf('action', 'actor', 'actions', {
  entry: 'transaction_id',
  received: 'time',
  content: 'action_name as name, null::int as weight, request, rejected, metadata as body',
  size: 'octet_length(request::text) + octet_length(metadata::text)',
});
const CALLS = entriesOf('call', 'actor', 'api_calls', {
  entry: 'transaction_id',
  received: 'received_time',
  content: 'null::text as name, weight, null::jsonb as request, null::jsonb as rejected, content as body',
  size: 'octet_length(content::text)',
});

// A person is a user, with the visitors who became that user and the tokens that lead there, or a visitor.
const READ = `
  with person as (
    select $2::text as kind, $3::text as id
    union all
    select 'anonymous', id from profiles
    where application_id = $1 and $2 = 'user' and merged_into = $3
  ), actor as (
    select kind, id from person
    union all
    select distinct 'token', a.digest from person o cross join lateral (
      select digest from aliases
      where application_id = $1 and profile_kind = o.kind and profile_id = o.id and name = 'session_token'
      offset 0
    ) a
  ), newest as (
    select * from (${UPDATES} union all ${ACTIONS} union all ${CALLS}) e order by ${ORDER} limit $4
  ), page as (
    select *, sum(size) over (order by ${ORDER}) - size as earlier, (count(*) over ())::int as found from newest
  )
  select type, time, received_time, anonymous_id, entry, ${placeTime('time')} as place_time, found,
    case type
      when 'action' then jsonb_build_object('action_name', name, 'request', request, 'metadata', body)
        || case when rejected is null then '{}' else jsonb_build_object('rejected', rejected) end
      when 'call' then body || jsonb_build_object('weight', weight)
      else body end as body
  from page where earlier < ${MAX_PAGE_SIZE} order by ${ORDER}`;

/** Reads a page of a person's timeline, the newest first. */
export async function readTimeline(
  database: Database,
  { application_id, kind, id }: Person,
  limit: number,
  after: Place | undefined,
): Promise<TimelinePage> {
  const place = after ?? [null, null, null];
  const { rows } = await database.read<EntryRow>(READ, [application_id, kind, id, limit + 1, ...place]);
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  const hasMore = (rows[0]?.found ?? 0) > shown.length;
  return {
    timeline: shown.map(({ type, time, received_time, anonymous_id, body }) => ({
      type,
      time: time.toISOString(),
      received_time: received_time.toISOString(),
      anonymous_id,
      body,
    })),
    next: last && hasMore ? toCursor([last.place_time, last.entry, last.type]) : null,
  };
}

/** Finds the person whom an id leads to: a user, or a visitor who has not become one. */
export async function findPerson(database: Database, filter: ProfileFilter): Promise<Person | undefined> {
  const parameters: unknown[] = [];
  const $: Parameter = value => `$${parameters.push(value)}`;
  const { rows } = await database.read<Person>(
    `select p.application_id, p.kind, p.id
     from ${applicationsOf(filter, $)} q join profiles p on ${conditionOf(filter, $)}
     order by p.modified_time desc, p.application_id, p.kind, p.id limit 1`,
    parameters,
  );
  return rows[0];
}
