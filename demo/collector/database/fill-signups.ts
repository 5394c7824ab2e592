import type { Key } from '../profiles/rows.ts';
import { countPeople } from './campaign-counts.ts';
import type { Database } from './database.ts';

/** The number of rows of one statement: for so many it holds locks, for some tens of milliseconds. */
const SLICE = 1000;

const READ = `
  select application_id, kind, id from profiles
  where kind = 'user' and (application_id, id) > ($1, $2) and identified_time is null
  order by application_id, id limit ${SLICE}`;

// A row that counts already goes out of the counts as it was, and comes in again with its time.
const FILL = `
  with filled as (
    update profiles p set version = p.version + 1, identified_time = coalesce(
      (select min(u.time) from updates u where u.application_id = p.application_id and u.kind = p.kind and u.id = p.id),
      p.created_time)
    from jsonb_to_recordset($1::jsonb) as r(application_id text, kind text, id text)
    where p.application_id = r.application_id and p.kind = r.kind and p.id = r.id and p.identified_time is null
    returning p.*
  )
  ${countPeople(`
    select application_id, kind, merged_into, channel, campaign, created_time, identified_time, 1 as sign from filled
    union all
    select application_id, kind, merged_into, channel, campaign, created_time, null, -1 from filled`)}`;

/**
 * Fills when each user signed up, slice by slice: the time of the first update of theirs that is kept, else when they
 * were first seen. Others may write meanwhile.
 */
export async function fillSignups(database: Database): Promise<void> {
  for (let last = ['', '']; ; ) {
    const { rows } = await database.query<Key & { application_id: string }>(READ, last);
    const end = rows.at(-1);
    if (!end) return;
    await database.query(FILL, [JSON.stringify(rows)]);
    last = [end.application_id, end.id];
  }
}
