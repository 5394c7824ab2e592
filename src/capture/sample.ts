/** Milliseconds of a minute. */
const MINUTE = 60_000;

/** Checks whether the calls of a user or visitor are recorded: those of one in `n`. The same id is always in, or always out. */
export function isSampled(id: string, n: number): boolean {
  let hash = 0x811c9dc5;
  // FNV-1a.
  for (let index = 0; index < id.length; index++)
    hash = Math.imul(hash ^ id.charCodeAt(index), 0x01000193) >>> 0;
  return hash % n === 0;
}

/**
 * Makes the limit of a minute's events. It returns the weight of the next one, or 0 for one that is not recorded. Past
 * the limit one in 2 is recorded, past twice the limit one in 4, and so on.
 */
export function createRateLimit(maxPerMinute: number, now: () => number): () => number {
  let since = Number.NEGATIVE_INFINITY;
  let count = 0;
  return () => {
    if (Math.abs(now() - since) >= MINUTE) {
      since = now();
      count = 0;
    }
    const n = 2 ** Math.min(30, Math.floor(count / maxPerMinute));
    return count++ % n ? 0 : n;
  };
}
