import type { RetryAfterStore } from '../storage/retry-after.ts';
import { MAX_RETRY_AFTER } from './outcome.ts';

/**
 * How long the destination wants to be left alone. A time it gave holds for all pages, `Infinity` for this one alone:
 * the next page asks whether the site's owner has mended what was wrong. What the visitor has denied waits for ever.
 */
export function createRateLimit({ load, save }: RetryAfterStore, now: () => number, isDenied: () => boolean) {
  let isStopped = false;
  /** Milliseconds from now; 0 for no pause. */
  const remaining = (): number => {
    const rest = load() - now();
    // A longer one was saved by a clock that went wrong.
    return isStopped || isDenied() ? Infinity : rest > 0 && rest <= MAX_RETRY_AFTER ? rest : 0;
  };
  return {
    remaining,
    /** Never shortens a longer pause. */
    pauseFor(milliseconds: number): void {
      if (milliseconds === Infinity) isStopped = true;
      else if (milliseconds > remaining()) save(now() + milliseconds);
    },
  };
}
