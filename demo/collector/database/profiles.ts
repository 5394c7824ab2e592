import type { JsonObject } from '../json.ts';
import { channelOfProfile } from '../profiles/channel.ts';
import { applicationsOf, conditionOf, type ProfileFilter } from './conditions.ts';
import type { Database } from './database.ts';

/** A campaign as stored: only fields that have a value. */
export type Campaign = Record<string, string>;

/**
 * Reserved names in metadata. A profile has them as fields of its own too, where their values are strings.
 */
const RESERVED = ['email', 'name', 'first_name', 'last_name', 'phone', 'photo_url'] as const;

/** A profile as the query routes return it. `user_id` is null for a visitor who has not logged in. */
export interface Profile extends Partial<Record<(typeof RESERVED)[number], string>> {
  application_id: string;
  user_id: string | null;
  company_id: string | null;
  /** The first 1,000 of them, and the first 64 KB. */
  anonymous_ids: string[];
  /** The first 1,000 of them, and the first 64 KB. */
  session_tokens: string[];
  campaign: Campaign;
  /** The channel that the metadata names, else that of the campaign. */
  channel: string;
  metadata: JsonObject;
  ip_address: string | null;
  user_agent_string: string | null;
  created_time: string;
  /** When a user_id first named them; null for a visitor, and for users of an older version until their next update. */
  identified_time: string | null;
  modified_time: string;
}

/** A profile as `PROFILE` and `ALIASES` select it. */
export interface ProfileRow
  extends Omit<Profile, 'user_id' | 'channel' | 'created_time' | 'identified_time' | 'modified_time'> {
  /** null where a process of an older version wrote it. */
  channel: string | null;
  kind: 'user' | 'anonymous';
  id: string;
  created_time: Date;
  identified_time: Date | null;
  modified_time: Date;
}

/** The number of aliases of each kind that an answer has at most, and their bytes. */
const MAX_ALIASES = 1000;
const MAX_ALIAS_SIZE = 64 * 1024;

// What a visitor brought before logging in stays under the visitor. A subquery with a limit for each owner, as a join
// would have the planner read all aliases of the application.
const aliasesNamed = (name: 'anonymous_id' | 'session_token') => `array(
  select value from (
    select value, first_time, sum(octet_length(value)) over (order by first_time, value) as size from (
      select a.value, min(a.created_time) as first_time from (
        select p.kind, p.id
        union all
        select v.kind, v.id from profiles v
        where p.kind = 'user' and v.application_id = p.application_id and v.merged_into = p.id
      ) o cross join lateral (
        select * from aliases a
        where a.application_id = p.application_id and a.profile_kind = o.kind and a.profile_id = o.id
          and a.name = '${name}'
        order by a.created_time, a.value limit ${MAX_ALIASES}
      ) a
      group by a.value order by first_time, a.value limit ${MAX_ALIASES}
    ) a
  ) a
  where size <= ${MAX_ALIAS_SIZE} order by first_time, value) as ${name}s`;

/** SQL of the aliases of a profile `p`. */
export const ALIASES = `${aliasesNamed('anonymous_id')}, ${aliasesNamed('session_token')}`;

/** SQL of the other columns of a profile `p`. */
export const PROFILE = `p.application_id, p.kind, p.id, p.company_id, p.campaign, p.channel, p.metadata, p.ip_address,
  p.user_agent_string, p.created_time, p.identified_time, p.modified_time`;

/** Reads the profile that meets the conditions. Of several it is the last modified. */
export async function readProfile(database: Database, filter: ProfileFilter): Promise<Profile | undefined> {
  const parameters: unknown[] = [];
  const $ = (value: unknown) => `$${parameters.push(value)}`;
  const { rows } = await database.read<ProfileRow>(
    `select ${PROFILE}, ${ALIASES} from (
       select p.* from ${applicationsOf(filter, $)} q join profiles p on ${conditionOf(filter, $)}
       order by p.modified_time desc, p.application_id, p.kind, p.id limit 1
     ) p`,
    parameters,
  );
  const [row] = rows;
  return row && toProfile(row);
}

export function toProfile({ kind, id, ...row }: ProfileRow): Profile {
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
    channel: row.channel ?? channelOfProfile(row.campaign, metadata),
    metadata,
    ip_address: row.ip_address,
    user_agent_string: row.user_agent_string,
    created_time: row.created_time.toISOString(),
    identified_time: row.identified_time?.toISOString() ?? null,
    modified_time: row.modified_time.toISOString(),
  };
}
