import { attempt } from '../shared/attempt.ts';

const KEY = 'utmost_debug';

/** Whether the page's address asks for `debug` (`?utmost_debug=1`), or an earlier one did in this tab; 0 ends it. */
export function isDebugged(url: string, isForgetful?: boolean): boolean {
  const asked = /[?&]utmost_debug=(\d)/.exec(url)?.[1];
  if (asked && !isForgetful) attempt(() => sessionStorage.setItem(KEY, asked));
  return (asked ?? attempt(() => sessionStorage.getItem(KEY))) === '1';
}
