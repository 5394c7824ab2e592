import Cookies from 'js-cookie';
import type { Page } from '../browser/page.ts';
import { tryOrUndefined } from '../shared/try-or-undefined.ts';

export type CookieAttributes = Cookies.CookieAttributes;

export type CookieStore = ReturnType<typeof createCookieStore>;

/**
 * Makes the page's view of its cookies. No call throws.
 *
 * Reading the cookies after a write waits for another process, some milliseconds on a slow machine. So they are read
 * once a task. Whether the browser has accepted what was written shows in the next one.
 */
export function createCookieStore(setTimer: Page['setTimer'], attributes: CookieAttributes) {
  /** All cookies, as the browser tells them. */
  let text: string | undefined;
  /** Writes a cookie as this page has last, by name. */
  const writes = new Map<string, () => void>();
  /** Makes the next read ask the browser. */
  const invalidate = () => {
    text = undefined;
  };
  /** Writes a cookie. Without a domain, it is the host's own. This task sees it as if the browser had accepted it. */
  const set = (name: string, value: string, domain?: string, others?: CookieAttributes) => {
    const write = () => {
      if (text !== undefined) text = `${name}=${value}; ${text}`;
      tryOrUndefined(() => Cookies.set(name, value, { ...attributes, domain, ...others }));
    };
    writes.set(name, write);
    write();
  };
  /** Returns a cookie's value, as it was when the cookies were first read in this task. */
  const get = (name: string): string | undefined => {
    if (text === undefined) {
      text = tryOrUndefined(() => document.cookie) ?? '';
      setTimer(invalidate, 0);
    }
    // js-cookie would read twice, and decode every cookie of the site. Ours have nothing to decode.
    const pair = text.split('; ').find(each => each.startsWith(`${name}=`));
    return pair?.slice(name.length + 1);
  };
  return {
    get,
    set,
    /** Returns a function that writes again what this page has written since, where it has been set back to before. */
    protect(names: string[]) {
      const before = names.map(name => [name, get(name), writes.get(name)] as const);
      return () => {
        invalidate();
        for (const [name, value, last] of before)
          if (writes.get(name) !== last && get(name) === value) writes.get(name)?.();
      };
    },
    delete: (name: string, domain?: string) => set(name, '', domain, { 'max-age': '-1' }),
    invalidate,
  };
}

/** Reads a cookie or localStorage value as it stands there, whoever wrote it. */
export const readRaw = (name: string): string | null | undefined =>
  tryOrUndefined(() => Cookies.get(name)) ?? tryOrUndefined(() => localStorage.getItem(name));
