import Cookies from 'js-cookie';
import { attempt } from '../attempt.ts';
import type { Page } from '../page.ts';
import { decode, encodeWithin } from './codec.ts';

/** Longest cookie that is written, name and value, in characters. */
const LIMIT = 1500;

/** Days. Browsers cap at 400 (RFC 6265bis, 5.5). */
const LIFETIME = 365;

/**
 * Small records by name, kept where the browser lets them be kept: in a cookie on the registrable domain, else in
 * localStorage, else in this page's memory. No call throws.
 */
export interface Store {
  /** The registrable domain; where cookies are blocked, the best guess at it. */
  readonly site: string;
  /** The record as it was stored by whichever page or tab; undefined where nothing readable is. */
  load(name: string): Record<string, unknown> | undefined;
  /** Stores a record and renews its lifetime. What does not fit is cut, the longest values first. */
  save(name: string, record: object): void;
  /** A cookie or localStorage value that another script wrote, as it stands there. */
  peek(name: string): string | undefined;
}

/** The candidates for a registrable domain, shortest first. IP addresses and single labels have none. */
export function domainCandidates(hostname: string): string[] {
  const labels = hostname.split('.');
  if (/^\[|(^|\.)\d+$/.test(hostname)) return [];
  return labels.slice(1).map((_, index) => labels.slice(-2 - index).join('.'));
}

/**
 * The page's store. Looking at the cookies after a write waits for another process, some milliseconds on a slow
 * machine: so they are looked at once a task, and writes are read back in the next one.
 */
export function createStore(
  { hostname, protocol }: Pick<URL, 'hostname' | 'protocol'>,
  later: Page['later'],
): Store {
  const attributes = { expires: LIFETIME, sameSite: 'Lax', secure: protocol === 'https:' } as const;
  const set = (name: string, value: string, domain?: string) =>
    attempt(() => Cookies.set(name, value, { ...attributes, domain }));
  const remove = (name: string, domain?: string) => attempt(() => Cookies.remove(name, { domain }));

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
  const probes = [...domainCandidates(hostname), undefined].map(
    each => [`utmost_probe_${each}`, each] as const,
  );
  for (const [name, each] of probes) set(name, '1', each);
  const taken = probes.filter(([name]) => look()[name]);
  for (const probe of taken) remove(...probe);
  const domain = taken[0]?.[1];

  const memory = new Map<string, string>();
  const keep = (name: string, value: string) => {
    memory.set(name, value);
    attempt(() => localStorage.setItem(name, value));
  };
  /** Written by this page and not read back yet: the value, and the one before. */
  const written = new Map<string, [value: string, before: string | undefined]>();
  const readBack = () => {
    forget();
    for (const [name, [value, before]] of written) {
      // A third value is another tab's, written after ours.
      if (look()[name] === value || ![before, undefined].includes(look()[name])) continue;
      // The host's own cookie of that name hides the domain's.
      remove(name);
      set(name, value, domain);
      forget();
      if (look()[name] === value) continue;
      // A refused cookie is refused in silence; a stale one would win over what is kept instead.
      remove(name, domain);
      keep(name, value);
    }
    written.clear();
  };

  const peek = (name: string) => look()[name] ?? attempt(() => localStorage.getItem(name)) ?? undefined;
  return {
    // Where no cookie is taken, a sibling subdomain cannot be told from a stranger.
    site: domain ?? hostname.replace(/^www\./, ''),
    peek,
    load: name => decode(written.get(name)?.[0] ?? memory.get(name) ?? peek(name)),
    save(name, record) {
      const value = encodeWithin(record, LIMIT - name.length - 1);
      const before = look()[name];
      if (!taken[0]) keep(name, value);
      else {
        set(name, value, domain);
        if (!written.size) later(readBack, 0);
        written.set(name, [value, before]);
        memory.delete(name);
      }
    },
  };
}
