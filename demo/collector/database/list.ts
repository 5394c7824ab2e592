import { applicationsOf, conditionOf, type Parameter, type ProfileFilter } from './conditions.ts';
import { type Place, placeTime, toCursor } from './cursor.ts';
import type { Database } from './database.ts';
import { ALIASES, PROFILE, type Profile, type ProfileRow, toProfile } from './profiles.ts';
import { type SortName, sortOf } from './sorts.ts';

/** Bytes of campaigns, metadata and aliases after which a page ends, however many it was asked for. */
export const MAX_PAGE_SIZE = 8 * 1024 * 1024;

/** The keys of a place in the list, after what it is ordered by: application, kind, and the id or its digest. */
export const LIST_KEYS = 3;

/** Which profiles to list, and where to go on. */
export interface ListQuery extends ProfileFilter {
  limit: number;
  /** The direction of the order. Default: the newest first, and names from A. */
  direction?: 'asc' | 'desc' | undefined;
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
  place_key: string;
  place_tie: string;
  /** The number of rows that were found, also of those too many for the page's size. */
  found: number;
}

// A process of an older version writes no size.
const SIZE = 'coalesce(p.size, octet_length(p.metadata::text))';

// All columns go one way, so that one comparison of rows finds a place in an index.
const orderOf = (of: string, direction: string) =>
  ['sort_key', 'application_id', 'kind', 'sort_tie'].map(column => `${of}.${column} ${direction}`).join(', ');

/**
 * Reads a page of profiles. Visitors who have logged in since are part of their user. Every condition is on one
 * application: to read all of them, the query asks each in turn for its first in the order.
 */
export async function readPage(database: Database, query: ListQuery): Promise<Page> {
  const { limit, after, before } = query;
  const isBackward = before !== undefined;
  const place = isBackward ? (before === 'end' ? undefined : before) : after;
  const parameters: unknown[] = [limit + 1, MAX_PAGE_SIZE];
  const $: Parameter = value => `$${parameters.push(value)}`;
  const { key, type, tie, direction: usual } = sortOf(query.sort);
  const isAscending = ((query.direction ?? usual) === 'asc') !== isBackward;
  const direction = isAscending ? 'asc' : 'desc';
  const { rows } = await database.read<ListRow>(
    `with page as (
       select p.*, sum(size) over (order by ${orderOf('p', direction)}) - size as earlier, (count(*) over ())::int as found
       from (
         select p.*, p.profile_size + octet_length(p.anonymous_ids::text) + octet_length(p.session_tokens::text) as size
         from (
           select p.*, ${ALIASES}
           from (
             select p.* from ${applicationsOf(query, $)} q cross join lateral (
               select p.application_id, p.kind, p.id, ${SIZE} as profile_size,
                 ${key} as sort_key, ${tie} as sort_tie from profiles p
               where ${conditionOf(query, $)} ${place ? `and ${beyond(place, isAscending, query.sort, $)}` : ''}
               order by ${key} ${direction}, p.kind ${direction}, ${tie} ${direction} limit $1::int
             ) p
             order by ${orderOf('p', direction)} limit $1::int
           ) p
         ) p
       ) p
     )
     select ${PROFILE}, k.anonymous_ids, k.session_tokens, k.found,
       ${type === 'text' ? 'k.sort_key' : placeTime('k.sort_key')} as place_key, k.sort_tie as place_tie
     from page k cross join lateral (
       select * from profiles p where p.application_id = k.application_id and p.kind = k.kind and p.id = k.id limit 1
     ) p
     where k.earlier < $2::int order by ${orderOf('k', direction)}`,
    parameters,
  );
  const shown = rows.slice(0, limit);
  const hasMore = (rows[0]?.found ?? 0) > shown.length;
  if (isBackward) shown.reverse();
  const [first, last] = [shown[0], shown.at(-1)];
  return {
    profiles: shown.map(({ place_key: _, place_tie: __, found: ___, ...row }) => toProfile(row)),
    next: last && (isBackward ? place : hasMore) ? toCursor(placeOf(last)) : null,
    previous: first && (isBackward ? hasMore : place) ? toCursor(placeOf(first)) : null,
  };
}

const placeOf = ({ place_key, application_id, kind, place_tie }: ListRow): Place => [
  place_key,
  application_id,
  kind,
  place_tie,
];

/**
 * SQL of the condition that a profile is beyond a place. Of those with the same key the ones of applications further on
 * are, all or none: so each application has a comparison that its index can answer.
 */
function beyond(
  [first, application, kind, last]: Place,
  isAscending: boolean,
  sort: SortName | undefined,
  $: Parameter,
): string {
  const { key, type, tie } = sortOf(sort);
  const a = `${$(application)}::text`;
  // '' is before every kind, and 'z' after.
  return `(${key}, p.kind, ${tie}) ${isAscending ? '>' : '<'} (${$(first)}::${type},
    case when q.application_id = ${a} then ${$(kind)}::text when q.application_id < ${a} then 'z' else '' end,
    case when q.application_id = ${a} then ${$(last)}::text else '' end)`;
}
