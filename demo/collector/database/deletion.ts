import type { Key } from '../profiles/rows.ts';
import { uncountPeople } from './campaign-counts.ts';
import type { Database } from './database.ts';
import { PERSON, type PersonQuery, parametersOf } from './person.ts';

/** The rows of one person or company that were deleted. */
export interface Deletion {
  /** The profiles: the user's, visitor's or company's, and those of visitors who became the user. */
  keys: Key[];
  aliases: number;
  updates: number;
  actions: number;
  calls: number;
}

// A company's session tokens are its users': those of the person go with them.
const DELETE = `
  with ${PERSON}, gone_profiles as (
    delete from profiles p using own o
    where p.application_id = $1 and p.kind = o.kind and p.id = o.id returning p.*
  ), gone_counts as (${uncountPeople('gone_profiles')}
  ), gone_aliases as (
    delete from aliases a using own o
    where a.application_id = $1 and a.profile_kind = o.kind and a.profile_id = o.id returning 1
  ), gone_company_aliases as (
    delete from aliases a using token t
    where a.application_id = $1 and a.name = 'session_token' and a.digest = t.digest
      and a.profile_kind = 'company' returning 1
  ), gone_updates as (
    delete from updates u using own o
    where u.application_id = $1 and u.kind = o.kind and u.id = o.id returning 1
  ), gone_actions as (
    delete from actions a using actor o
    where a.application_id = $1 and a.kind = o.kind and a.id = o.id returning a.transaction_id
  ), gone_calls as (
    delete from api_calls c using actor o
    where c.application_id = $1 and c.kind = o.kind and c.id = o.id returning c.transaction_id
  ), gone_transactions as (
    delete from transactions t using (
      select 'action' as type, transaction_id from gone_actions union all select 'call', transaction_id from gone_calls
    ) g where t.application_id = $1 and t.type = g.type and t.transaction_id = g.transaction_id
  )
  select
    (select coalesce(json_agg(json_build_object('kind', kind, 'id', id) order by kind desc, id), '[]')
      from gone_profiles) as keys,
    ((select count(*) from gone_aliases) + (select count(*) from gone_company_aliases))::int as aliases,
    (select count(*) from gone_updates)::int as updates,
    (select count(*) from gone_actions)::int as actions,
    (select count(*) from gone_calls)::int as calls`;

// The limit tells the planner how few they are: it would read partitions whole for the hundred that it expects else.
const KEYS = '(select * from jsonb_to_recordset($2::jsonb) as k(kind text, id text) limit $3::int) k';

// An update that was being written meanwhile is not seen by the statement above, while its profile is deleted.
const SWEEP_UPDATES = `
  delete from updates u using ${KEYS}
  where u.application_id = $1 and u.kind = k.kind and u.id = k.id and not exists (
    select 1 from profiles p where p.application_id = $1 and p.kind = k.kind and p.id = k.id)`;
const SWEEP_ALIASES = `
  delete from aliases a using ${KEYS}
  where a.application_id = $1 and a.profile_kind = k.kind and a.profile_id = k.id and not exists (
    select 1 from profiles p where p.application_id = $1 and p.kind = k.kind and p.id = k.id)`;

/** Deletes all that is stored of one person or company, by one statement. */
export async function deletePerson(database: Pick<Database, 'query'>, query: PersonQuery): Promise<Deletion> {
  const { rows } = await database.query<Deletion>(DELETE, parametersOf(query));
  const [deletion] = rows;
  if (!deletion) throw new Error('The deletion has no result.');
  for (const sweep of deletion.keys.length > 0 ? [SWEEP_UPDATES, SWEEP_ALIASES] : [])
    await database.query(sweep, [query.applicationId, JSON.stringify(deletion.keys), deletion.keys.length]);
  return deletion;
}
