import type { Page } from '../browser/page.ts';
import { tryOrUndefined } from '../shared/try-or-undefined.ts';
import { encode, MAX_COOKIE } from './codec.ts';
import type { CookieStore } from './cookie-store.ts';

/**
 * Makes the records that this page has saved and not found in a cookie yet. Each is written once at the end of the
 * task, and read back in the next one. Where the domain is known to accept cookies (`isKnown`),
 * it is not read back. Where no cookie is accepted, it stays here as long as the page, and in localStorage.
 */
export function createPendingWrites(
  cookies: CookieStore,
  domains: () => (string | undefined)[],
  isKnown: () => boolean,
  setTimer: Page['setTimer'],
) {
  const records = new Map<string, object>();
  const writeLocal = (name: string, value: string) => tryOrUndefined(() => localStorage.setItem(name, value));
  const write = (name: string, record: object) => {
    // Of two saves in one task only the last counts.
    if (records.get(name) !== record) return;
    const [domain] = domains();
    const isInCookie = domains().length > 0;
    // The record that every page reads first tells the next one where it lives.
    const stored = isInCookie && name.endsWith('id') ? { ...record, domain: domain ?? '' } : record;
    const value = encode(stored, MAX_COOKIE - name.length - 1);
    if (!isInCookie) return writeLocal(name, value);
    if (isKnown()) {
      cookies.set(name, value, domain);
      return records.delete(name);
    }
    const before = cookies.get(name);
    cookies.set(name, value, domain);
    setTimer(() => {
      if (records.get(name) !== record) return;
      // A third value, besides ours and the one before, is another tab's, written after ours.
      const isStored = () => cookies.get(name) === value || (cookies.get(name) ?? before) !== before;
      if (!isStored()) {
        // The host's own cookie of that name hides the domain's.
        cookies.delete(name);
        cookies.set(name, value, domain);
        cookies.invalidate();
      }
      if (isStored()) records.delete(name);
      else {
        // A refused cookie is refused in silence. A stale one would win over what is kept instead.
        cookies.delete(name, domain);
        writeLocal(name, value);
      }
    }, 0);
  };
  return {
    get: (name: string) => records.get(name) as Record<string, unknown> | undefined,
    set(name: string, record: object) {
      records.set(name, record);
      queueMicrotask(() => write(name, record));
    },
    delete: (name: string) => records.delete(name),
  };
}
