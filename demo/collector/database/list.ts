import { applicationsOf, conditionOf, type Parameter, type ProfileFilter } from './conditions.ts';
import { type Place, placeTime, toCursor } from './cursor.ts';
import type { Database } from './database.ts';
import { ALIASES, PROFILE, type Profile, type ProfileRow, toProfile } from './profiles.ts';

/** Bytes of campaigns, metadata and aliases after which a page ends, however many it was asked for. */
export const MAX_PAGE_SIZE = 8 * 1024 * 1024;

/**
 * The number of profiles up to which a total is exact, and that of a search, whose rows have to be read to know that
 * the words are in them.
 */
const MAX_TOTAL = 10_000;
const MAX_FOUND = 1000;

/** The keys of a place in the list, after its time: application, kind and id. */
export const LIST_KEYS = 3;

/** Which profiles to list, and where to go on. */
export interface ListQuery extends ProfileFilter {
  limit: number;
  /** The profiles that come after this place. */
  after?: Place | undefined;
  /** The last profiles before this place; `end` for the last of all. */
  before?: Place | 'end' | undefined;
}

/** A page of the list. */
export interface Page {
  profiles: Profile[];
  /** The cursor after which the list goes on, or null at its end. */
  next: string | null;
  /** The cursor before which there is a page, or null at the start. */
  previous: string | null;
}

interface ListRow extends ProfileRow {
  place_time: string;
  /** The number of rows that were found, also of those too many for the page's size. */
  found: number;
}

// A process of an older version writes no size.
const SIZE = 'coalesce(p.size, octet_length(p.metadata::text))';

// All columns go one way, so that one comparison of rows finds a place in an index.
const orderOf = (direction: string) =>
  ['modified_time', 'application_id', 'kind', 'id'].map(column => `p.${column} ${direction}`).join(', ');

/**
 * Reads a page of profiles, the last modified first. Visitors who have logged in since are part of their user. Every
 * condition is on one application: to read all of them, the query asks each in turn for its newest.
 */
export async function readPage(database: Database, query: ListQuery): Promise<Page> {
  const { limit, after, before } = query;
  const isBackward = before !== undefined;
  const place = isBackward ? (before === 'end' ? undefined : before) : after;
  const parameters: unknown[] = [limit + 1, MAX_PAGE_SIZE];
  const $: Parameter = value => `$${parameters.push(value)}`;
  const direction = isBackward ? 'asc' : 'desc';
  const { rows } = await database.read<ListRow>(
    `with page as (
       select p.*, sum(size) over (order by ${orderOf(direction)}) - size as earlier, (count(*) over ())::int as found
       from (
         select p.*, p.profile_size + octet_length(p.anonymous_ids::text) + octet_length(p.session_tokens::text) as size
         from (
           select p.*, ${ALIASES}
           from (
             select p.* from ${applicationsOf(query, $)} q cross join lateral (
               select p.application_id, p.kind, p.id, p.modified_time, ${SIZE} as profile_size from profiles p
               where ${conditionOf(query, $)} ${place ? `and ${beyond(place, isBackward, $)}` : ''}
               order by p.modified_time ${direction}, p.kind ${direction}, p.id ${direction} limit $1::int
             ) p
             order by ${orderOf(direction)} limit $1::int
           ) p
         ) p
       ) p
     )
     select ${PROFILE}, k.anonymous_ids, k.session_tokens, ${placeTime('p.modified_time')} as place_time, k.found
     from page k cross join lateral (
       select * from profiles p where p.application_id = k.application_id and p.kind = k.kind and p.id = k.id limit 1
     ) p
     where k.earlier < $2::int order by ${orderOf(direction)}`,
    parameters,
  );
  const shown = rows.slice(0, limit);
  const hasMore = (rows[0]?.found ?? 0) > shown.length;
  if (isBackward) shown.reverse();
  const [first, last] = [shown[0], shown.at(-1)];
  return {
    profiles: shown.map(({ place_time: _, found: __, ...row }) => toProfile(row)),
    next: last && (isBackward ? place : hasMore) ? toCursor(placeOf(last)) : null,
    previous: first && (isBackward ? hasMore : place) ? toCursor(placeOf(first)) : null,
  };
}

const placeOf = ({ place_time, application_id, kind, id }: ListRow): Place => [
  place_time,
  application_id,
  kind,
  id,
];

/**
 * SQL of the condition that a profile is beyond a place. Of those with the same time the ones of applications further on
 * are, all or none: so each application has a comparison that its index can answer.
 */
function beyond([time, application, kind, id]: Place, isBackward: boolean, $: Parameter): string {
  const a = `${$(application)}::text`;
  // '' is before every kind, and 'z' after.
  return `(p.modified_time, p.kind, p.id) ${isBackward ? '>' : '<'} (${$(time)}::timestamptz,
    case when q.application_id = ${a} then ${$(kind)}::text when q.application_id < ${a} then 'z' else '' end,
    case when q.application_id = ${a} then ${$(id)}::text else '' end)`;
}

/** The number of profiles that meet the conditions. */
export interface Total {
  /** At most 10,000, or 1,000 of a search for words. */
  count: number;
  /** False where there are more than `count`. */
  is_exact: boolean;
}

/** Counts profiles, up to a bound: the cost of counting on would grow with the table. */
export async function readTotal(database: Database, filter: ProfileFilter): Promise<Total> {
  const max = filter.text === undefined ? MAX_TOTAL : MAX_FOUND;
  const parameters: unknown[] = [max + 1];
  const $: Parameter = value => `$${parameters.push(value)}`;
  const { rows } = await database.read<{ count: number }>(
    `select count(*)::int as count from (
       select 1 from ${applicationsOf(filter, $)} q cross join lateral (
         select 1 from profiles p where ${conditionOf(filter, $)} limit $1::int
       ) p limit $1::int
     ) p`,
    parameters,
  );
  const { count = 0 } = rows[0] ?? {};
  return { count: Math.min(count, max), is_exact: count <= max };
}
