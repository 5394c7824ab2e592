import type { Page } from '../browser/page.ts';
import { tryOrUndefined } from '../shared/try-or-undefined.ts';
import { decode } from './codec.ts';
import { type CookieAttributes, createCookieStore } from './cookie-store.ts';
import { createOutboxMark, type OutboxMark } from './outbox-mark.ts';
import { createPendingWrites } from './pending-writes.ts';
import { domainCandidates, probeDomains, toKnownDomain } from './registrable-domain.ts';

/** Lifetime of a record in days. Browsers cap it at 400 (RFC 6265bis, 5.5). */
const LIFETIME = 365;

/** Options of the record store. */
export interface RecordStoreOptions extends Pick<CookieAttributes, 'sameSite' | 'secure'> {
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
export interface RecordStore extends OutboxMark {
  /** Returns the registrable domain; where cookies are blocked, the best guess at it. */
  site(): string;
  /** Loads the record as it was stored by whichever page or tab. Returns undefined where nothing readable is stored. */
  load(name: string): Record<string, unknown> | undefined;
  /**
   * Stores a record and renews its lifetime. It is written at the end of the task, which is before the page can be
   * gone. What does not fit is cut, the longest values first.
   */
  save(name: string, record: object): void;
  /**
   * Watches these records while a request is under way whose answer may set their cookies. Returns a function for when
   * it has come: what this page has written since, and the answer has set back, is written again.
   */
  protect(names: readonly string[]): () => void;
  /** Removes these records from the device, wherever they are kept. */
  remove(...names: string[]): void;
}

/** Makes the page's store. Nothing is written before the first call that has to. */
export function createRecordStore(
  { hostname, protocol, port }: Pick<URL, 'hostname' | 'protocol' | 'port'>,
  setTimer: Page['setTimer'],
  {
    prefix = 'utmost_',
    cookieDomains = [...domainCandidates(hostname), undefined],
    expires = LIFETIME,
    ...attributes
  }: Partial<RecordStoreOptions> = {},
): RecordStore {
  const cookies = createCookieStore(setTimer, {
    // Not as a date, which takes the browser longer to write and to read than all the rest.
    'max-age': `${expires * 86_400}`,
    sameSite: 'Lax',
    secure: protocol === 'https:',
    ...attributes,
  });
  let knownDomains: (string | undefined)[] = [];
  let acceptingDomains: (string | undefined)[] | undefined;
  /** Checks whether a record tells the domain it lives on. What is written there is accepted again. */
  const isKnown = () => {
    if (!knownDomains.length)
      knownDomains = toKnownDomain(decode(cookies.get(`${prefix}id`))?.domain, cookieDomains);
    return knownDomains.length > 0;
  };
  const domains = () =>
    (acceptingDomains ??= isKnown() ? knownDomains : probeDomains(cookies, cookieDomains, prefix));
  const pendingWrites = createPendingWrites(cookies, domains, isKnown, setTimer);
  return {
    // Where no cookie is accepted, a sibling subdomain cannot be told from a stranger.
    site: () => domains()[0] ?? hostname.replace(/^www\./, ''),
    load(name) {
      const key = prefix + name;
      const pending = pendingWrites.get(key);
      if (pending) return pending;
      // Where cookies are accepted nothing else is kept: localStorage costs as much to open as they cost to read.
      const stored = decode(
        cookies.get(key) ?? (isKnown() ? undefined : tryOrUndefined(() => localStorage.getItem(key))),
      );
      delete stored?.domain;
      return stored;
    },
    save: (name, record) => pendingWrites.set(prefix + name, record),
    protect: names => cookies.protect(names.map(name => prefix + name)),
    remove(...names) {
      for (const name of names) {
        const key = prefix + name;
        cookies.delete(key);
        cookies.delete(key, domains()[0]);
        pendingWrites.delete(key);
        tryOrUndefined(() => sessionStorage.removeItem(key));
        tryOrUndefined(() => localStorage.removeItem(key));
      }
      cookies.invalidate();
    },
    // Origins of one host share its cookies, and each has an outbox of its own.
    ...createOutboxMark(cookies, `${prefix}outbox`, protocol.slice(0, -1) + port),
  };
}
