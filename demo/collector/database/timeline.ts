import type { JsonObject } from '../json.ts';
import type { Database } from './database.ts';

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
   * `metadata`. A call has `weight`, `request`, and what else was recorded of it.
   */
  body: JsonObject;
}

interface EntryRow extends Omit<TimelineEntry, 'time' | 'received_time'> {
  time: Date;
  received_time: Date;
}

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
    select distinct 'token', a.digest from aliases a join person o on a.profile_kind = o.kind and a.profile_id = o.id
    where a.application_id = $1 and a.name = 'session_token'
  )
  select * from (
    (select 'update' as type, u.time, u.received_time, u.entry_id as entry,
       case when u.kind = 'anonymous' then u.id end as anonymous_id, u.body
     from updates u join person o on u.kind = o.kind and u.id = o.id
     where u.application_id = $1 order by u.time desc, u.entry_id desc limit $4)
    union all
    (select 'action', a.time, a.time, a.transaction_id, case when a.kind = 'anonymous' then a.id end,
       jsonb_build_object('action_name', a.action_name, 'request', a.request, 'metadata', a.metadata)
     from actions a join actor o on a.kind = o.kind and a.id = o.id
     where a.application_id = $1 order by a.time desc, a.transaction_id limit $4)
    union all
    (select 'call', c.time, c.received_time, c.transaction_id, case when c.kind = 'anonymous' then c.id end,
       c.content || jsonb_build_object('weight', c.weight)
     from api_calls c join actor o on c.kind = o.kind and c.id = o.id
     where c.application_id = $1 order by c.time desc, c.transaction_id limit $4)
  ) e order by time desc, entry desc limit $4`;

/** Reads the newest entries of a person. */
export async function readTimeline(
  database: Database,
  applicationId: string,
  kind: 'user' | 'anonymous',
  id: string,
  limit: number,
): Promise<TimelineEntry[]> {
  const { rows } = await database.query<EntryRow>(READ, [applicationId, kind, id, limit]);
  return rows.map(({ type, time, received_time, anonymous_id, body }) => ({
    type,
    time: time.toISOString(),
    received_time: received_time.toISOString(),
    anonymous_id,
    body,
  }));
}
