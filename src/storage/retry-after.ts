import { attempt } from '../shared/attempt.ts';

/** Until when the server asked to be left alone, for all pages of this origin. */
export interface PauseStore {
  save(until: number): void;
  /** Milliseconds since 1970; 0 for no pause. */
  load(): number;
}

export const pauseStore = (key = 'utmost_retry_at'): PauseStore => ({
  save: until => attempt(() => localStorage.setItem(key, `${until}`)),
  load: () => Number(attempt(() => localStorage.getItem(key)) ?? 0) || 0,
});
