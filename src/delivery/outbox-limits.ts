import type { Entry } from '../shared/types.ts';

/** Most entries that wait in the outbox, unless the site says otherwise. */
export const MAX_ENTRIES = 200;

/** Most that waits in the outbox, in characters of JSON: 1 MB. */
export const MAX_SIZE = 1024 * 1024;

/** How long an entry is kept, in milliseconds: 30 days. */
const EXPIRY = 30 * 24 * 60 * 60_000;

/** What is lost, and why. */
export type Eviction = [entry: Entry, reason: 'expired' | 'outbox-full'];

/**
 * What has to leave the outbox unsent: what is older than 30 days, and what is too much. Of that actions go before any
 * profile, and the older before the newer; the newest entry stays, whatever its size.
 */
export function findEvictions(entries: readonly Entry[], now: number, maxEntries = MAX_ENTRIES): Eviction[] {
  const ranked = [...entries].sort((a, b) => (a.id < b.id ? 1 : -1));
  const [newest] = ranked;
  const isAction = (entry: Entry) => entry !== newest && 'action_name' in entry.body;
  ranked.sort((a, b) => +isAction(a) - +isAction(b));
  let count = 0;
  let size = 0;
  return ranked.flatMap((entry): Eviction[] => {
    if (now - entry.at > EXPIRY) return [[entry, 'expired']];
    size += JSON.stringify(entry.body).length;
    return ++count > maxEntries || (count > 1 && size > MAX_SIZE) ? [[entry, 'outbox-full']] : [];
  });
}
