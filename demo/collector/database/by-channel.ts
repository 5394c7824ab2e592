import type { Database } from './database.ts';
import { type Profile, type ProfileQuery, readProfiles } from './profiles.ts';

/** The number of profiles that are read at once. */
const STEP = 1000;

/**
 * Reads the profiles of one channel, the last modified first. A channel is computed and stored nowhere, so profiles
 * are read until the page is full. A channel that few came by costs a look at all that meet the other conditions.
 */
export async function readByChannel(
  database: Database,
  channel: string,
  { limit, page, ...query }: ProfileQuery,
): Promise<Profile[]> {
  const wanted = page * limit;
  const found: Profile[] = [];
  for (let step = 1; found.length < wanted; step++) {
    const read = await readProfiles(database, { ...query, limit: STEP, page: step });
    found.push(...read.filter(profile => profile.channel === channel));
    if (read.length < STEP) break;
  }
  return found.slice(wanted - limit, wanted);
}
