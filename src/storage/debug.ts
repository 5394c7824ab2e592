import { tryOrUndefined } from '../shared/try-or-undefined.ts';

const KEY = 'utmost_debug';

/** Reads what the page's address asks for: a digit or `panel`. */
export const readAskedDebug = (url: string): string | undefined =>
  /[?&]utmost_debug=(\d|panel)/.exec(url)?.[1];

/**
 * Reads what the page's address asks for, or an earlier one did in this tab: `1` for `debug` (`?utmost_debug=1`),
 * `panel` for the panel, `0` for neither.
 */
export function readDebug(url: string, isMemoryOnly?: boolean): string {
  const asked = readAskedDebug(url);
  if (asked && !isMemoryOnly) tryOrUndefined(() => sessionStorage.setItem(KEY, asked));
  return asked ?? tryOrUndefined(() => sessionStorage.getItem(KEY)) ?? '';
}

/** Forgets that an earlier page of this tab asked for it. */
export const forgetDebug = (): void => tryOrUndefined(() => sessionStorage.removeItem(KEY));
