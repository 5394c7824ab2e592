import Cookies from 'js-cookie';
import { attempt } from '../attempt.ts';
import type { Page } from '../page.ts';
import { decode, encodeWithin } from './codec.ts';

/** Longest cookie that is written, name and value, in characters. */
const LIMIT = 1500;

/** Days. Browsers cap at 400 (RFC 6265bis, 5.5). */
const LIFETIME = 365;

/** How records are kept. */
export interface StoreOptions extends Pick<Cookies.CookieAttributes, 'sameSite' | 'secure'> {
  /** Days that a record lasts from when it was last saved. Default 365. */
  expires: number;
  /** What the names of all that is kept begin with. Default `utmost_`. */
  prefix: string;
  /**
   * Where cookies are tried, the widest first; `undefined` is the host alone, and with none of them localStorage is
   * all there is. Default: every domain from the registrable one down to the host alone.
   */
  cookieDomains: (string | undefined)[];
}

/**
 * Small records by name, kept where the browser lets them be kept: in a cookie on the registrable domain, else in
 * localStorage, else in this page's memory. No call throws.
 */
export interface Store {
  /** The registrable domain; where cookies are blocked, the best guess at it. */
  site(): string;
  /** The record as it was stored by whichever page or tab; undefined where nothing readable is. */
  load(name: string): Record<string, unknown> | undefined;
  /**
   * Stores a record and renews its lifetime: at the end of the task, which is before the page can be gone. What does not
   * fit is cut, the longest values first.
   */
  save(name: string, record: object): void;
  /** Takes these records off the device, wherever they are kept. */
  wipe(...names: string[]): void;
}

/** A cookie or localStorage value as it stands there, whoever wrote it. */
export const peek = (name: string): string | null | undefined =>
  attempt(() => Cookies.get(name)) ?? attempt(() => localStorage.getItem(name));

/** The candidates for a registrable domain, shortest first. IP addresses and single labels have none. */
export function domainCandidates(hostname: string): string[] {
  const labels = hostname.split('.');
  if (/^\[|(^|\.)\d+$/.test(hostname)) return [];
  return labels.slice(1).map((_, index) => labels.slice(-2 - index).join('.'));
}

/**
 * The page's store. Looking at the cookies after a write waits for another process, some milliseconds on a slow
 * machine: so they are looked at once a task, written once at its end, and read back in the next one. Nothing is
 * written before the first call that has to.
 */
export function createStore(
  { hostname, protocol }: Pick<URL, 'hostname' | 'protocol'>,
  later: Page['later'],
  {
    prefix = 'utmost_',
    cookieDomains = [...domainCandidates(hostname), undefined],
    expires = LIFETIME,
    ...special
  }: Partial<StoreOptions> = {},
): Store {
  const attributes = {
    path: '/',
    // Not as a date, which takes the browser longer to write down and to read than all the rest.
    'max-age': `${expires * 86_400}`,
    sameSite: 'Lax',
    secure: protocol === 'https:',
    ...special,
  } as const;
  const set = (name: string, value: string, domain?: string, more?: object) =>
    attempt(() => Cookies.set(name, value, { ...attributes, domain, ...more }));
  const remove = (name: string, domain?: string) => set(name, '', domain, { 'max-age': '-1' });

  let jar: Record<string, string> | undefined;
  const look = () => {
    if (!jar) {
      jar = attempt(() => Cookies.get()) ?? {};
      later(forget, 0);
    }
    return jar;
  };
  const forget = () => {
    jar = undefined;
  };

  // The browser knows the public suffix list: it refuses a cookie on a suffix and takes it one label further down.
  const findDomain = () => {
    const probes = cookieDomains.map(each => [`${prefix}probe_${each}`, each] as const);
    for (const [name, each] of probes) set(name, '1', each);
    forget();
    const taken = probes.filter(([name]) => look()[name]);
    for (const probe of taken) remove(...probe);
    return taken[0] ?? [];
  };
  let found: ReturnType<typeof findDomain> | undefined;
  /** The probe on the widest domain that takes cookies; empty where none does. */
  const taker = () => (found ??= findDomain());
  const domain = () => taker()[1];

  const keep = (name: string, value: string) => attempt(() => localStorage.setItem(name, value));
  /**
   * Saved by this page and not found in a cookie yet: the record, the value it is written as, and the cookie's before
   * that. Where no cookie is taken, it stays here as long as the page.
   */
  const own = new Map<string, [record: object, value?: string, before?: string]>();
  /** Calls off the next reading back. */
  let cancel = () => {};
  const write = () => {
    for (const [name, each] of own) {
      if (each[1]) continue;
      const value = encodeWithin(each[0], LIMIT - name.length - 1);
      const isTaken = taker()[0];
      each.push(value, look()[name]);
      if (isTaken) {
        set(name, value, domain());
        cancel();
        cancel = later(readBack, 0);
      } else keep(name, value);
    }
  };
  const readBack = () => {
    forget();
    for (const [name, [, value = '', before]] of own) {
      // A third value is another tab's, written after ours.
      const isStored = () => look()[name] === value || ![before, undefined].includes(look()[name]);
      if (!isStored()) {
        // The host's own cookie of that name hides the domain's.
        remove(name);
        set(name, value, domain());
        forget();
      }
      if (isStored()) own.delete(name);
      else {
        // A refused cookie is refused in silence; a stale one would win over what is kept instead.
        remove(name, domain());
        keep(name, value);
      }
    }
  };

  return {
    // Where no cookie is taken, a sibling subdomain cannot be told from a stranger.
    site: () => domain() ?? hostname.replace(/^www\./, ''),
    load(end) {
      const name = prefix + end;
      const mine = own.get(name);
      if (mine) return mine[0] as Record<string, unknown>;
      return decode(look()[name] ?? attempt(() => localStorage.getItem(name)));
    },
    save(end, record) {
      // Of what a task saves twice only the last counts.
      queueMicrotask(write);
      own.set(prefix + end, [record]);
    },
    wipe(...names) {
      for (const name of names.map(end => prefix + end)) {
        remove(name);
        remove(name, domain());
        own.delete(name);
        attempt(() => sessionStorage.removeItem(name));
        attempt(() => localStorage.removeItem(name));
      }
      forget();
    },
  };
}
