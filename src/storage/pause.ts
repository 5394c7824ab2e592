import { attempt } from '../attempt.ts';

const KEY = 'utmost_retry_at';

/** Until when the server asked to be left alone, for all pages of this origin. */
export interface PauseStore {
  save(until: number): void;
  /** Milliseconds since 1970; 0 for no pause. */
  load(): number;
}

export const sharedPause: PauseStore = {
  save: until => attempt(() => localStorage.setItem(KEY, `${until}`)),
  load: () => Number(attempt(() => localStorage.getItem(KEY)) ?? 0) || 0,
};
