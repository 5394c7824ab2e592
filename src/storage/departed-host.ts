import { tryOrUndefined } from '../shared/try-or-undefined.ts';

const KEY = 'utmost_away';

/** Stores, for this tab alone, the host it is being sent to. */
export const saveDepartedHost = (host: string, at: number): void =>
  tryOrUndefined(() => sessionStorage.setItem(KEY, `${at} ${host}`));

/** Loads the host this tab was sent to after `since`, if any. */
export function loadDepartedHost(since: number): string | undefined {
  const [at, host] = (tryOrUndefined(() => sessionStorage.getItem(KEY)) ?? '').split(' ');
  return Number(at) > since ? host : undefined;
}

/** Removes that host. */
export const forgetDepartedHost = (): void => tryOrUndefined(() => sessionStorage.removeItem(KEY));
