import type { Entry } from '../shared/types.ts';

/** The most entries that wait in the outbox, unless the site sets another number. */
export const MAX_ENTRIES = 200;

/** The most that waits in the outbox, in characters of JSON: 1 MB. */
export const MAX_SIZE = 1024 * 1024;

/** Time for which an entry is kept, in milliseconds: 30 days. */
const EXPIRY = 30 * 24 * 60 * 60_000;

/** An entry that is lost, and the reason. */
export type Eviction = [entry: Entry, reason: 'expired' | 'outbox-full'];

/**
 * Finds the entries that have to leave the outbox unsent: those older than 30 days, and those over the limits. Over
 * the limits actions go before any profile, and the older before the newer. The newest entry stays, whatever its
 * size.
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
