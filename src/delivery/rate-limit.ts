import type { RetryAfterStore } from '../storage/retry-after.ts';
import { MAX_RETRY_AFTER } from './outcome.ts';

/**
 * Keeps the time for which the destination wants no requests. A time that it gave holds for all pages. `Infinity`
 * holds for this page alone: the next one tries whether the site's owner has mended the fault. After a denial the
 * pause has no end.
 */
export function createRateLimit({ load, save }: RetryAfterStore, now: () => number, isDenied: () => boolean) {
  let isStopped = false;
  /** Returns the milliseconds from now; 0 for no pause. */
  const remaining = (): number => {
    const rest = load() - now();
    // A longer pause was saved by a wrong clock.
    return isStopped || isDenied() ? Infinity : rest > 0 && rest <= MAX_RETRY_AFTER ? rest : 0;
  };
  return {
    remaining,
    /** Pauses for that time. Never shortens a longer pause. */
    pauseFor(milliseconds: number): void {
      if (milliseconds === Infinity) isStopped = true;
      else if (milliseconds > remaining()) save(now() + milliseconds);
    },
  };
}
