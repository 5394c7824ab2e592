import type { JsonObject } from '../json.ts';
import { channelOfProfile } from '../profiles/channel.ts';
import type { Database } from './database.ts';
import { digestOf } from './records.ts';

/** A campaign as stored: only fields that have a value. */
export type Campaign = Record<string, string>;

export { CAMPAIGN_FIELDS } from '../profiles/updates.ts';

/**
 * Reserved names in metadata. A profile has them as fields of its own too, where their values are strings.
 */
const RESERVED = ['email', 'name', 'first_name', 'last_name', 'phone', 'photo_url'] as const;

/** A profile as the query routes return it. `user_id` is null for a visitor who has not logged in. */
export interface Profile extends Partial<Record<(typeof RESERVED)[number], string>> {
  application_id: string;
  user_id: string | null;
  company_id: string | null;
  anonymous_ids: string[];
  session_tokens: string[];
  campaign: Campaign;
  /** The channel that the metadata names, else that of the campaign. */
  channel: string;
  metadata: JsonObject;
  ip_address: string | null;
  user_agent_string: string | null;
  created_time: string;
  modified_time: string;
}

/** The profiles to read: of one application or, without an id, of all. */
export interface ProfileQuery {
  applicationId?: string | undefined;
  userId?: string | undefined;
  anonymousId?: string | undefined;
  companyId?: string | undefined;
  sessionToken?: string | undefined;
  /** `user` for the identified only, `anonymous` for the others. */
  kind?: string | undefined;
  /** Fields of the campaign, each with exactly this value. */
  campaign?: Campaign | undefined;
  /** Words that must all occur in the profile. */
  text?: string | undefined;
  limit: number;
  /** The number of the page, from 1. */
  page: number;
}

interface ProfileRow
  extends Omit<
    Profile,
    'user_id' | 'channel' | 'anonymous_ids' | 'session_tokens' | 'created_time' | 'modified_time'
  > {
  kind: 'user' | 'anonymous';
  id: string;
  anonymous_ids: string[];
  session_tokens: string[];
  created_time: Date;
  modified_time: Date;
}

// What a visitor brought before logging in stays under the visitor.
const aliasesNamed = (name: 'anonymous_id' | 'session_token') => `array(
  select a.value from aliases a
  where a.application_id = p.application_id and a.name = '${name}'
    and ((a.profile_kind = p.kind and a.profile_id = p.id)
      or (a.profile_kind = 'anonymous' and p.kind = 'user' and a.profile_id in (
        select v.id from profiles v where v.application_id = p.application_id and v.merged_into = p.id)))
  group by a.value
  order by min(a.created_time), a.value)`;

const COLUMNS = `p.application_id, p.kind, p.id, p.company_id, p.campaign, p.metadata, p.ip_address,
  p.user_agent_string, p.created_time, p.modified_time`;

/**
 * Reads profiles, the last modified first. Visitors who have logged in since are part of their user. Every
 * condition is on one application: to read all of them, the query asks each in turn for its newest.
 */
export async function readProfiles(database: Database, query: ProfileQuery): Promise<Profile[]> {
  const { limit, page } = query;
  const parameters: unknown[] = [limit, (page - 1) * limit];
  const $ = (value: unknown) => `$${parameters.push(value)}`;
  const applications =
    query.applicationId === undefined
      ? 'applications'
      : `(select ${$(query.applicationId)}::text as application_id)`;
  const { rows } = await database.query<ProfileRow>(
    `select ${COLUMNS}, ${aliasesNamed('anonymous_id')} as anonymous_ids,
       ${aliasesNamed('session_token')} as session_tokens
     from (
       select ${COLUMNS} from ${applications} q cross join lateral (
         select * from profiles p
         where p.application_id = q.application_id and ${conditions(query, $).join(' and ')}
         order by p.modified_time desc, p.kind, p.id limit $1::int + $2::int
       ) p
       order by p.modified_time desc, p.application_id, p.kind, p.id limit $1::int offset $2::int
     ) p
     order by p.modified_time desc, p.application_id, p.kind, p.id`,
    parameters,
  );
  return rows.map(toProfile);
}

function conditions(query: ProfileQuery, $: (value: unknown) => string): string[] {
  const { userId, anonymousId, companyId, sessionToken, kind, campaign = {}, text } = query;
  const all = ['p.merged_into is null', `p.kind <> 'company'`];
  if (userId !== undefined) all.push(`p.kind = 'user' and p.id = ${$(userId)}`);
  if (kind !== undefined) all.push(`p.kind = ${$(kind)}`);
  if (companyId !== undefined) all.push(`p.company_id = ${$(companyId)}`);
  if (anonymousId !== undefined) all.push(ownerOf('anonymous', `(select ${$(anonymousId)}::text as id) o`));
  if (sessionToken !== undefined) {
    // Brought by several, it leads to the one who brought it last.
    const latest = `(select a.profile_kind as kind, a.profile_id as id from aliases a
      where a.application_id = q.application_id and a.name = 'session_token'
        and a.digest = ${$(digestOf(sessionToken))} and a.profile_kind <> 'company'
      order by a.seen_time desc, a.profile_kind desc, a.profile_id limit 1) o`;
    all.push(ownerOf('o.kind', latest));
  }
  for (const [field, value] of Object.entries(campaign)) {
    all.push(`p.campaign ->> '${field}' = ${$(value)}`);
  }
  for (const word of text?.toLowerCase().split(/\s+/).filter(Boolean) ?? []) {
    all.push(`strpos(p.search_text, ${$(word)}) > 0`);
  }
  return all;
}

/**
 * Returns the condition that a profile is an owner's, or that of the user whom the owner, a visitor, has
 * become.
 */
function ownerOf(kind: string, owner: string): string {
  const kindSql = kind === 'anonymous' ? `'anonymous'` : kind;
  return `(p.kind, p.id) in (
    select case when v.merged_into is null then ${kindSql} else 'user' end, coalesce(v.merged_into, o.id)
    from ${owner} left join profiles v
      on v.application_id = q.application_id and v.kind = ${kindSql} and v.id = o.id)`;
}

function toProfile({ kind, id, ...row }: ProfileRow): Profile {
  const isUser = kind === 'user';
  const { metadata } = row;
  const texts = RESERVED.filter(name => Object.hasOwn(metadata, name) && typeof metadata[name] === 'string');
  return {
    application_id: row.application_id,
    user_id: isUser ? id : null,
    company_id: row.company_id,
    ...Object.fromEntries(texts.map(name => [name, metadata[name]])),
    anonymous_ids: isUser ? row.anonymous_ids : [id],
    session_tokens: row.session_tokens,
    campaign: row.campaign,
    channel: channelOfProfile(row.campaign, metadata),
    metadata,
    ip_address: row.ip_address,
    user_agent_string: row.user_agent_string,
    created_time: row.created_time.toISOString(),
    modified_time: row.modified_time.toISOString(),
  };
}
