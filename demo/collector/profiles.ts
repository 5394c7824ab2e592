import type { Database } from './database.ts';
import type { JsonObject } from './json.ts';
import type { Campaign } from './merge.ts';

/** A profile as the reading endpoints answer it. `user_id` is null for a visitor who has not logged in. */
export interface Profile {
  user_id: string | null;
  company_id: string | null;
  anonymous_ids: string[];
  session_tokens: string[];
  campaign: Campaign;
  metadata: JsonObject;
  ip_address: string | null;
  user_agent_string: string | null;
  created_time: string;
  modified_time: string;
}

/** Which profiles to read: of one application or, without an id, of all. */
export interface ProfileQuery {
  applicationId?: string | undefined;
  userId?: string | undefined;
  limit: number;
  /** From 1. */
  page: number;
}

interface ProfileRow extends Omit<Profile, 'user_id' | 'created_time' | 'modified_time'> {
  kind: 'user' | 'anonymous';
  id: string;
  created_time: Date;
  modified_time: Date;
}

const aliasesNamed = (name: 'anonymous_id' | 'session_token') => `array(
  select a.value from aliases a
  where a.application_id = p.application_id and a.profile_kind = p.kind and a.profile_id = p.id and a.name = '${name}'
  order by a.created_time, a.value)`;

const SELECT = `
  select p.kind, p.id, p.company_id, p.campaign, p.metadata, p.ip_address, p.user_agent_string,
    p.created_time, p.modified_time,
    ${aliasesNamed('anonymous_id')} as anonymous_ids, ${aliasesNamed('session_token')} as session_tokens
  from profiles p
  where p.merged_into is null
    and ($1::text is null or p.application_id = $1)
    and ($2::text is null or (p.kind = 'user' and p.id = $2))
  order by p.modified_time desc, p.application_id, p.kind, p.id
  limit $3 offset $4`;

/** Profiles, newest modified first. Visitors who have since logged in are part of their user. */
export async function readProfiles(database: Database, query: ProfileQuery): Promise<Profile[]> {
  const { applicationId = null, userId = null, limit, page } = query;
  const { rows } = await database.query<ProfileRow>(SELECT, [
    applicationId,
    userId,
    limit,
    (page - 1) * limit,
  ]);
  return rows.map(toProfile);
}

function toProfile(row: ProfileRow): Profile {
  const isUser = row.kind === 'user';
  return {
    user_id: isUser ? row.id : null,
    company_id: row.company_id,
    anonymous_ids: isUser ? row.anonymous_ids : [row.id],
    session_tokens: row.session_tokens,
    campaign: row.campaign,
    metadata: row.metadata,
    ip_address: row.ip_address,
    user_agent_string: row.user_agent_string,
    created_time: row.created_time.toISOString(),
    modified_time: row.modified_time.toISOString(),
  };
}
