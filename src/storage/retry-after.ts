import { tryOrUndefined } from '../shared/try-or-undefined.ts';

/** Until when the server asked to be left alone, for all pages of this origin. */
export interface RetryAfterStore {
  save(until: number): void;
  /** Milliseconds since 1970; 0 for no pause. */
  load(): number;
}

export const retryAfterStore = (key = 'utmost_retry_at'): RetryAfterStore => ({
  save: until => tryOrUndefined(() => localStorage.setItem(key, `${until}`)),
  load: () => Number(tryOrUndefined(() => localStorage.getItem(key)) ?? 0) || 0,
});
