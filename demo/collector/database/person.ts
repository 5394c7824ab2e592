import { digestOf } from './records.ts';

/** One person of an application, named by one of their ids, or a company. */
export interface PersonQuery {
  applicationId: string;
  name: 'user_id' | 'anonymous_id' | 'session_token' | 'company_id';
  value: string;
}

/**
 * Finds all that belongs to one person, as parts of a `with`: `person` is the user or visitor, `own` the same with the
 * visitors who became the user, `token` the digests of their session tokens, and `actor` whose timeline it is.
 * A session token that others brought later is theirs. Of a company it is what the company itself brought: its users are
 * people of their own.
 */
export const PERSON = `
  named as (
    select 'user' as kind, $3::text as id where $2::text = 'user_id'
    union all
    select 'anonymous', $3 where $2 = 'anonymous_id'
    union all
    select 'company', $3 where $2 = 'company_id'
    union all
    select kind, id from (
      select profile_kind as kind, profile_id as id from aliases
      where $2 = 'session_token' and application_id = $1 and name = 'session_token' and digest = $3
        and profile_kind <> 'company'
      order by seen_time desc, profile_kind desc, profile_id limit 1
    ) latest
  ), person as (
    select case when v.merged_into is null then n.kind else 'user' end as kind, coalesce(v.merged_into, n.id) as id
    from named n left join profiles v
      on v.application_id = $1 and n.kind = 'anonymous' and v.kind = n.kind and v.id = n.id
  ), own as (
    select kind, id from person
    union all
    select 'anonymous', v.id from person p join profiles v
      on v.application_id = $1 and p.kind = 'user' and v.kind = 'anonymous' and v.merged_into = p.id
  ), token as (
    select brought.digest from (
      select distinct a.digest from own o join aliases a
        on a.application_id = $1 and a.profile_kind = o.kind and a.profile_id = o.id and a.name = 'session_token'
    ) brought
    cross join lateral (
      select a.profile_kind as kind, a.profile_id as id from aliases a
      where a.application_id = $1 and a.name = 'session_token' and a.digest = brought.digest
        and a.profile_kind <> 'company'
      order by a.seen_time desc, a.profile_kind desc, a.profile_id limit 1
    ) latest
    join own o on o.kind = latest.kind and o.id = latest.id
    union
    select $3 where $2 = 'session_token'
  ), actor as (
    select kind, id from own
    union all
    select 'token', digest from token
  )`;

/** Returns the first parameters of a statement with `PERSON`. */
export function parametersOf({ applicationId, name, value }: PersonQuery): unknown[] {
  return [applicationId, name, name === 'session_token' ? digestOf(value) : value];
}
