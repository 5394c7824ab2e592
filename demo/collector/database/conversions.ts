import type { JsonObject } from '../json.ts';
import { type ClickSource, type Clicks, collectClicks, MAX_CLICK_AGE } from '../profiles/clicks.ts';
import type { Database } from './database.ts';

/** Which actions count as conversions. */
export interface ConversionQuery {
  applicationId: string | undefined;
  actionName: string;
  /** The first moment. */
  from: Date;
  /** The first moment that is too late. */
  until: Date;
  limit: number;
}

/** An action, and whose it is: a user's, or a visitor's who has not become one. */
export interface Conversion {
  time: number;
  metadata: JsonObject;
  person: Person;
}

interface Person {
  application_id: string;
  kind: string;
  id: string;
}

// A visitor who has become a user, and a session token, lead to the user, as in the timeline. Of several people with
// one token it is the last who brought it.
const ACTIONS = `
  select a.time, a.metadata, a.application_id,
    case when v.merged_into is null then coalesce(t.kind, a.kind) else 'user' end as kind,
    coalesce(v.merged_into, t.id, a.id) as id
  from actions a
  left join lateral (
    select profile_kind as kind, profile_id as id from aliases
    where a.kind = 'token' and application_id = a.application_id and name = 'session_token' and digest = a.id
      and profile_kind <> 'company'
    order by seen_time desc, profile_kind desc, profile_id limit 1
  ) t on true
  left join profiles v on v.application_id = a.application_id and v.kind = 'anonymous'
    and coalesce(t.kind, a.kind) = 'anonymous' and v.id = coalesce(t.id, a.id)
  where ($1::text is null or a.application_id = $1) and a.action_name = $2 and a.time >= $3 and a.time < $4
  order by a.time, a.transaction_id limit $5`;

/** Reads conversions, the oldest first. */
export async function readConversions(
  database: Database,
  { applicationId, actionName, from, until, limit }: ConversionQuery,
): Promise<Conversion[]> {
  const { rows } = await database.read<Person & { time: Date; metadata: JsonObject }>(ACTIONS, [
    applicationId ?? null,
    actionName,
    from,
    until,
    limit,
  ]);
  return rows.map(({ time, metadata, application_id, kind, id }) => ({
    time: time.getTime(),
    metadata,
    person: { application_id, kind, id },
  }));
}

// The profile has the latest click of each name alone, but every update is kept. One from before the window tells of
// clicks that are older still.
const UPDATES = `
  with person as (
    select * from jsonb_to_recordset($1::jsonb) as p(application_id text, kind text, id text)
  ), actor as (
    select application_id, kind as person_kind, id as person_id, kind, id from person
    union all
    select p.application_id, p.kind, p.id, 'anonymous', v.id
    from person p join profiles v on v.application_id = p.application_id and v.merged_into = p.id
    where p.kind = 'user' and v.merged_into is not null and v.kind = 'anonymous'
  )
  select a.application_id, a.person_kind as kind, a.person_id as id, u.time, u.body #> '{campaign,gclid}' as gclid,
    u.body #> '{metadata,click_ids}' as click_ids, u.body #> '{metadata,attribution}' as attribution
  from actor a join updates u on u.application_id = a.application_id and u.kind = a.kind and u.id = a.id
  where u.time >= $2 and (u.body #> '{campaign,gclid}' is not null
    or u.body #> '{metadata,click_ids}' is not null or u.body #> '{metadata,attribution}' is not null)`;

/** The number of people whose updates are read at once. */
const STEP = 1000;

/**
 * Reads the clicks of those who converted, as far as they can be credited.
 *
 * @param field Name of the click id.
 * @param from The time of the first conversion that may be credited.
 * @returns A function that gives the clicks of a conversion's person.
 */
export async function readClicks(
  database: Database,
  conversions: readonly Conversion[],
  field: string,
  from: Date,
): Promise<(conversion: Conversion) => Clicks> {
  const people = new Map(conversions.map(({ person }) => [keyOf(person), person]));
  const since = new Date(from.getTime() - MAX_CLICK_AGE * 86_400_000);
  const sources = new Map<string, ClickSource[]>();
  const all = [...people.values()];
  for (let start = 0; start < all.length; start += STEP) {
    const { rows } = await database.read<Person & Omit<ClickSource, 'time'> & { time: Date }>(UPDATES, [
      JSON.stringify(all.slice(start, start + STEP)),
      since,
    ]);
    for (const row of rows) {
      const key = keyOf(row);
      const own = sources.get(key) ?? [];
      own.push({ ...row, time: row.time.getTime() });
      sources.set(key, own);
    }
  }
  const clicks = new Map([...sources].map(([key, own]) => [key, collectClicks(own, field)]));
  return ({ person }) => clicks.get(keyOf(person)) ?? new Map();
}

const keyOf = ({ application_id, kind, id }: Person) => JSON.stringify([application_id, kind, id]);
