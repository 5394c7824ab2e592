import { tryOrUndefined } from '../shared/try-or-undefined.ts';

/** The time until which the server asked for no requests, for all pages of this origin. */
export interface RetryAfterStore {
  save(until: number): void;
  /** Loads that time in milliseconds since 1970; 0 for no pause. */
  load(): number;
}

export const retryAfterStore = (key = 'utmost_retry_at'): RetryAfterStore => ({
  save: until => tryOrUndefined(() => localStorage.setItem(key, `${until}`)),
  load: () => Number(tryOrUndefined(() => localStorage.getItem(key)) ?? 0) || 0,
});

/** Keeps that time in this page's memory. */
export function memoryRetryAfter(): RetryAfterStore {
  let until = 0;
  return {
    load: () => until,
    save(time) {
      until = time;
    },
  };
}
