import { tryOrUndefined } from '../shared/try-or-undefined.ts';

const KEY = 'utmost_debug';

/** Checks whether the page's address asks for `debug` (`?utmost_debug=1`), or an earlier one did in this tab. 0 ends it. */
export function isDebugged(url: string, isMemoryOnly?: boolean): boolean {
  const asked = /[?&]utmost_debug=(\d)/.exec(url)?.[1];
  if (asked && !isMemoryOnly) tryOrUndefined(() => sessionStorage.setItem(KEY, asked));
  return (asked ?? tryOrUndefined(() => sessionStorage.getItem(KEY))) === '1';
}

/** Forgets that an earlier page of this tab asked for it. */
export const forgetDebug = (): void => tryOrUndefined(() => sessionStorage.removeItem(KEY));
