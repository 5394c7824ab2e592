import Cookies from 'js-cookie';
import type { Page } from '../browser/page.ts';
import { tryOrUndefined } from '../shared/try-or-undefined.ts';
import { decode, encode } from './codec.ts';

/** The longest cookie that is written, name and value, in characters. */
const LIMIT = 1500;

/** Lifetime of a record in days. Browsers cap it at 400 (RFC 6265bis, 5.5). */
const LIFETIME = 365;

/** Options of the record store. */
export interface RecordStoreOptions extends Pick<Cookies.CookieAttributes, 'sameSite' | 'secure'> {
  /** Days that a record lasts from when it was last saved. Default 365. */
  expires: number;
  /** The prefix of all names under which records are kept. Default `utmost_`. */
  prefix: string;
  /**
   * Domains on which cookies are tried, the widest first. `undefined` is the host alone. Without any of them only
   * localStorage is used. Default: every domain from the registrable one down to the host alone.
   */
  cookieDomains: (string | undefined)[];
}

/**
 * Small records by name. Each is kept in a cookie on the registrable domain, else in localStorage, else in this
 * page's memory. No call throws.
 */
export interface RecordStore {
  /** Returns the registrable domain; where cookies are blocked, the best guess at it. */
  site(): string;
  /** Loads the record as it was stored by whichever page or tab. Returns undefined where nothing readable is stored. */
  load(name: string): Record<string, unknown> | undefined;
  /**
   * Stores a record and renews its lifetime. It is written at the end of the task, which is before the page can be
   * gone. What does not fit is cut, the longest values first.
   */
  save(name: string, record: object): void;
  /** Removes these records from the device, wherever they are kept. */
  remove(...names: string[]): void;
}

/** Reads a cookie or localStorage value as it stands there, whoever wrote it. */
export const readRaw = (name: string): string | null | undefined =>
  tryOrUndefined(() => Cookies.get(name)) ?? tryOrUndefined(() => localStorage.getItem(name));

/** Lists the candidates for a registrable domain, shortest first. IP addresses and single labels have none. */
export function domainCandidates(hostname: string): string[] {
  const labels = hostname.split('.');
  if (/\.\d+$/.test(hostname)) return [];
  return labels.slice(1).map((_, index) => labels.slice(-2 - index).join('.'));
}

/**
 * Makes the page's store. Nothing is written before the first call that has to.
 *
 * Reading the cookies after a write waits for another process, some milliseconds on a slow machine. So they are read
 * once a task, written once at its end, and read back in the next one.
 */
export function createRecordStore(
  { hostname, protocol }: Pick<URL, 'hostname' | 'protocol'>,
  setTimer: Page['setTimer'],
  {
    prefix = 'utmost_',
    cookieDomains = [...domainCandidates(hostname), undefined],
    expires = LIFETIME,
    ...special
  }: Partial<RecordStoreOptions> = {},
): RecordStore {
  const set = (name: string, value: string, domain?: string, days = expires) =>
    tryOrUndefined(() =>
      Cookies.set(name, value, {
        // Not as a date, which takes the browser longer to write and to read than all the rest.
        'max-age': `${days * 86_400}`,
        sameSite: 'Lax',
        secure: protocol === 'https:',
        ...special,
        domain,
      }),
    );
  const removeCookie = (name: string, domain?: string) => set(name, '', domain, -1);

  let jar: Record<string, string> | undefined;
  const invalidate = () => {
    jar = undefined;
  };
  const readCookies = () => {
    if (!jar) {
      jar = tryOrUndefined(() => Cookies.get()) ?? {};
      setTimer(invalidate, 0);
    }
    return jar;
  };

  let cookieTakers: typeof cookieDomains | undefined;
  // The browser knows the public suffix list: it refuses a probe on a suffix and accepts it one label further down.
  const probeDomains = () => {
    const probe = (domain?: string) => `${prefix}probe_${domain}`;
    for (const domain of cookieDomains) set(probe(domain), '1', domain);
    invalidate();
    return cookieDomains.filter(domain => {
      const isTaken = readCookies()[probe(domain)];
      if (isTaken) removeCookie(probe(domain), domain);
      return isTaken;
    });
  };
  /** Returns the domains that take cookies, the widest first. */
  const domains = () => (cookieTakers ??= probeDomains());

  const writeLocal = (name: string, value: string) => tryOrUndefined(() => localStorage.setItem(name, value));
  /**
   * Records saved by this page and not found in a cookie yet. Where no cookie is taken, they stay here as long as the
   * page.
   */
  const pendingWrites = new Map<string, object>();
  const write = (name: string, record: object) => {
    // Of two saves in one task only the last counts.
    if (pendingWrites.get(name) !== record) return;
    const value = encode(record, LIMIT - name.length - 1);
    const [domain] = domains();
    if (!domains().length) return writeLocal(name, value);
    const before = readCookies()[name];
    set(name, value, domain);
    setTimer(() => {
      if (pendingWrites.get(name) !== record) return;
      // A third value, besides ours and the one before, is another tab's, written after ours.
      const isStored = () => readCookies()[name] === value || (readCookies()[name] ?? before) !== before;
      if (!isStored()) {
        // The host's own cookie of that name hides the domain's.
        removeCookie(name);
        set(name, value, domain);
        invalidate();
      }
      if (isStored()) pendingWrites.delete(name);
      else {
        // A refused cookie is refused in silence. A stale one would win over what is kept instead.
        removeCookie(name, domain);
        writeLocal(name, value);
      }
    }, 0);
  };

  return {
    // Where no cookie is taken, a sibling subdomain cannot be told from a stranger.
    site: () => domains()[0] ?? hostname.replace(/^www\./, ''),
    load(end) {
      const name = prefix + end;
      return (
        (pendingWrites.get(name) as Record<string, unknown> | undefined) ??
        decode(readCookies()[name] ?? tryOrUndefined(() => localStorage.getItem(name)))
      );
    },
    save(end, record) {
      const name = prefix + end;
      pendingWrites.set(name, record);
      queueMicrotask(() => write(name, record));
    },
    remove(...names) {
      for (const end of names) {
        const name = prefix + end;
        removeCookie(name);
        removeCookie(name, domains()[0]);
        pendingWrites.delete(name);
        tryOrUndefined(() => sessionStorage.removeItem(name));
        tryOrUndefined(() => localStorage.removeItem(name));
      }
      invalidate();
    },
  };
}
