import type { DeliveryDependencies } from './dependencies.ts';
import { backoff } from './outcome.ts';
import { createRateLimit } from './rate-limit.ts';

export type RetrySchedule = ReturnType<typeof createRetrySchedule>;

/** Decides when the next flush may be: after the backoff, and after the pause that the destination wants. */
export function createRetrySchedule({
  retryAfter,
  page: { now, random },
  isDenied,
}: Pick<DeliveryDependencies, 'retryAfter' | 'page' | 'isDenied'>) {
  const { remaining, pauseFor } = createRateLimit(retryAfter, now, isDenied);
  let failures = 0;
  let resumeAt = 0;
  return {
    /** Returns the milliseconds until the next request, however urgent. */
    remaining,
    /** Returns the milliseconds until the next flush. */
    waitLeft: () => Math.max(resumeAt - now(), remaining()),
    /** Backs off, and pauses for `retryAfter` milliseconds. Requests that fail together are one failure. */
    fail(retryAfter = 0): void {
      if (now() >= resumeAt) resumeAt = now() + backoff(++failures, random());
      pauseFor(retryAfter);
    },
    /** Ends the backoff. Forgets the failures, too, if a request was delivered. */
    resume(isDelivered?: boolean): void {
      resumeAt = 0;
      if (isDelivered) failures = 0;
    },
  };
}
