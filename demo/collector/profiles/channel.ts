import { channelOf } from 'utmost/channel';
import type { JsonObject } from '../json.ts';

/** Names the channel of a profile: what its metadata says (a relay with `addChannel`), else that of its campaign. */
export function channelOfProfile(campaign: Record<string, string>, metadata: JsonObject): string {
  const { channel } = metadata;
  return typeof channel === 'string' && channel !== '' ? channel : channelOf(campaign);
}
