import { attempt } from '../shared/attempt.ts';

const KEY = 'utmost_away';

/** Remembers, for this tab alone, the host it is being sent to. */
export const saveAway = (host: string, at: number): void =>
  attempt(() => sessionStorage.setItem(KEY, `${at} ${host}`));

/** The host this tab was sent to after `since`, if any. */
export function loadAway(since: number): string | undefined {
  const [at, host] = (attempt(() => sessionStorage.getItem(KEY)) ?? '').split(' ');
  return Number(at) > since ? host : undefined;
}

/** Forgets that host. */
export const forgetAway = (): void => attempt(() => sessionStorage.removeItem(KEY));
