import type { JsonObject } from '../json.ts';
import { channelOfProfile, MAX_CHANNEL_LENGTH } from '../profiles/channel.ts';
import { countPeople } from './campaign-counts.ts';
import type { Database } from './database.ts';
import type { Campaign } from './profiles.ts';

/** The number of rows of one statement: for so many it holds locks, for some tens of milliseconds. */
const SLICE = 1000;

interface Unfilled {
  application_id: string;
  kind: string;
  id: string;
  version: number;
  campaign: Campaign | null;
  metadata: JsonObject;
}

// No value is read whole: rows from before there was a limit may hold a megabyte.
const READ = `
  select application_id, kind, id, version,
    (select jsonb_object_agg(key, left(value, 512)) from (select * from jsonb_each_text(p.campaign) limit 64) f) as campaign,
    case when jsonb_typeof(metadata -> 'channel') = 'string'
      then jsonb_build_object('channel', left(metadata ->> 'channel', ${MAX_CHANNEL_LENGTH})) else '{}' end as metadata
  from profiles p
  where (application_id, kind, id) > ($1, $2, $3) and channel is null and kind <> 'company'
  order by application_id, kind, id limit ${SLICE}`;

// A row that somebody has written since has a channel, and was counted by them. Whoever has read one that is filled reads
// it again, by its version: to them it was not counted yet.
const FILL = `
  with filled as (
    update profiles p set version = p.version + 1, channel = r.channel,
      size = octet_length(p.campaign::text) + octet_length(p.metadata::text)
    from jsonb_to_recordset($1::jsonb) as r(application_id text, kind text, id text, version int, channel text)
    where p.application_id = r.application_id and p.kind = r.kind and p.id = r.id
      and p.version = r.version and p.channel is null
    returning p.*
  )
  ${countPeople('select *, 1 as sign from filled')}`;

/**
 * Fills the channel and the size of rows that have none, slice by slice, and counts them by campaign. Others may write
 * meanwhile. A change of the rules for channels needs it again, with the channels and the counts emptied before.
 */
export async function fillChannels(database: Database): Promise<void> {
  for (let last = ['', '', '']; ; ) {
    const { rows } = await database.query<Unfilled>(READ, last);
    const end = rows.at(-1);
    if (!end) return;
    const filled = rows.map(({ campaign, metadata, ...key }) => ({
      ...key,
      channel: channelOfProfile(campaign ?? {}, metadata),
    }));
    await database.query(FILL, [JSON.stringify(filled)]);
    last = [end.application_id, end.kind, end.id];
  }
}
