import { randomInt } from 'node:crypto';
import type { JsonObject } from '../json.ts';
import { channelOfProfile } from '../profiles/channel.ts';
import { type Times, timesOf } from '../profiles/merge.ts';
import type { Key, Row } from '../profiles/rows.ts';
import { searchTextOf } from '../profiles/search-text.ts';
import { CAMPAIGN_FIELDS } from '../profiles/updates.ts';
import type { Campaign } from './profiles.ts';

/** A row of `profiles` as the database answers it. */
export interface StoredRow extends Key {
  version: number;
  merged_into: string | null;
  company_id: string | null;
  company_domain: string | null;
  ip_address: string | null;
  user_agent_string: string | null;
  campaign: JsonObject;
  metadata: JsonObject;
  times: Times | null;
  created_time: string;
  /** null for who is no user, and where a process of an older version wrote it. */
  identified_time: string | null;
  modified_time: string;
}

/** The columns that are texts of a profile. */
export const TEXTS = ['company_id', 'company_domain', 'ip_address', 'user_agent_string'] as const;

/** Makes the row of what is stored. */
export function toRow(stored: StoredRow): Row {
  const { kind, id, version, merged_into: mergedInto, campaign, metadata } = stored;
  const texts = TEXTS.flatMap(name => (stored[name] === null ? [] : [[name, stored[name]]]));
  const value: JsonObject = { ...Object.fromEntries(texts), campaign, metadata };
  const modifiedTime = Date.parse(stored.modified_time);
  const times = withoutUnknown(stored.times ?? timesOf(value, modifiedTime));
  const createdTime = Date.parse(stored.created_time);
  const identifiedTime =
    stored.identified_time !== null
      ? Date.parse(stored.identified_time)
      : kind === 'user'
        ? createdTime
        : Number.POSITIVE_INFINITY;
  const doc = { value, times };
  return { kind, id, version, mergedInto, doc, createdTime, identifiedTime, modifiedTime, size: 0 };
}

/** Leaves the times of campaign fields out that there are none of. They were kept once, without end. */
function withoutUnknown(times: Times): Times {
  const campaign = typeof times === 'number' ? undefined : times[2].campaign;
  if (typeof times === 'number' || campaign === undefined || typeof campaign === 'number') return times;
  const known = CAMPAIGN_FIELDS.flatMap(name => {
    const time = campaign[2][name];
    return time === undefined ? [] : [[name, time] as const];
  });
  const [written, cleared, keys] = times;
  return [written, cleared, { ...keys, campaign: [campaign[0], campaign[1], Object.fromEntries(known)] }];
}

/**
 * Returns the version that a row is written with. It begins anywhere: what another process remembers of a profile that
 * was deleted must not pass for the one that has begun since.
 */
export function nextVersion({ version }: Row): number {
  return version === 0 ? randomInt(1, 2 ** 30) : version + 1;
}

/** Makes the record of a row. `isNew`: it is stored for the first time, and not again after a deletion. */
export function toRowRecord(
  { kind, id, version, mergedInto, doc, createdTime, identifiedTime, modifiedTime }: Row,
  isNew: boolean,
): object {
  const { campaign = {}, metadata = {}, ...texts } = doc.value as JsonObject;
  return {
    kind,
    id,
    version,
    merged_into: mergedInto,
    ...texts,
    campaign,
    metadata,
    times: doc.times,
    channel: kind === 'company' ? null : channelOfProfile(campaign as Campaign, metadata as JsonObject),
    search_text: searchTextOf(id, doc.value as JsonObject),
    created_time: new Date(createdTime),
    identified_time: Number.isFinite(identifiedTime) ? new Date(identifiedTime) : null,
    modified_time: new Date(modifiedTime),
    is_new: isNew,
  };
}
