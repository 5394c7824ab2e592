import { channelOf } from 'utmost/channel';
import { type JsonObject, storable } from '../json.ts';

/** The number of characters of a channel's name. What comes after is cut off. */
export const MAX_CHANNEL_LENGTH = 256;

/** Names the channel of a profile: what its metadata says (a relay with `addChannel`), else that of its campaign. */
export function channelOfProfile(campaign: Record<string, string>, metadata: JsonObject): string {
  const { channel } = metadata;
  if (typeof channel !== 'string' || channel === '') return channelOf(campaign);
  return channel.length <= MAX_CHANNEL_LENGTH ? channel : storable(channel.slice(0, MAX_CHANNEL_LENGTH));
}
