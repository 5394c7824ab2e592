import { browserPage, type Page } from '../browser/page.ts';
import type { Feature } from '../client/feature.ts';
import type { Complete, Settings } from '../options/options.ts';
import { forgetDepartedHost } from '../storage/departed-host.ts';
import { withFallback } from '../storage/fallback-entries.ts';
import { indexedDbEntries } from '../storage/indexeddb-entries.ts';
import { localStorageEntries } from '../storage/local-storage-entries.ts';
import { memoryEntries } from '../storage/memory-entries.ts';
import { memoryRecords } from '../storage/memory-records.ts';
import { createRecordStore, type RecordStore } from '../storage/record-store.ts';
import { domainCandidates } from '../storage/registrable-domain.ts';
import { memoryRetryAfter, retryAfterStore } from '../storage/retry-after.ts';

export interface PersistenceOptions {
  /**
   * The place where the visitor's records are kept. `cookie`: in cookies, and in localStorage where the browser
   * refuses cookies. `localStorage`: there alone. Subdomains then share no visitor, and a referrer on one of them
   * counts as a stranger's. `none`: nothing is written to the device. Every page then has a new visitor, and what is
   * not confirmed when the page ends may be lost. Default `cookie`.
   */
  persistence?: 'cookie' | 'localStorage' | 'none' | undefined;
  /** Lets subdomains share the cookies. Default true. */
  crossSubdomainCookie?: boolean | undefined;
  /** Lets pages embedded in other sites have the cookies: `SameSite=None; Secure`. Default false. */
  crossSiteCookie?: boolean | undefined;
  /** Sets `Secure` on http pages, too; on https it is always set. Default false. */
  secureCookie?: boolean | undefined;
  /** Lifetime of the cookies in days, renewed on use. Browsers cap it at 400. Default 365. */
  cookieExpiration?: number | undefined;
  /** The domain of the cookies, such as `example.com`. Default: the registrable domain, found by trying. */
  cookieDomain?: string | undefined;
  /** The prefix of the names of all that is kept. Each instance on a page needs its own. Default `utmost_`. */
  persistenceKeyPrefix?: string | undefined;
  /** The most updates and actions that wait in the outbox. Over it the oldest action goes first. Default 200. */
  maxQueueSize?: number | undefined;
}

export type PersistenceSettings = Settings & Complete<PersistenceOptions>;

export const PERSISTENCE_DEFAULTS: Complete<PersistenceOptions> = {
  persistence: 'cookie',
  crossSubdomainCookie: true,
  crossSiteCookie: false,
  secureCookie: false,
  cookieExpiration: 365, // days
  cookieDomain: '',
  persistenceKeyPrefix: 'utmost_',
  maxQueueSize: 200,
};

/** Makes the store of the page's records, as the options say. */
export function recordStoreOf(page: Page, settings: PersistenceSettings): RecordStore {
  const { persistence, crossSubdomainCookie, crossSiteCookie, secureCookie, cookieDomain } = settings;
  const url = new URL(page.url());
  // The same as where no cookie is taken: a sibling subdomain cannot be told from a stranger.
  if (persistence === 'none') return memoryRecords(url.hostname.replace(/^www\./, ''));
  const parents = cookieDomain ? [cookieDomain] : crossSubdomainCookie ? domainCandidates(url.hostname) : [];
  return createRecordStore(url, page.setTimer, {
    prefix: settings.persistenceKeyPrefix,
    cookieDomains: persistence === 'localStorage' ? [] : [...parents, undefined],
    expires: settings.cookieExpiration,
    ...(crossSiteCookie && { sameSite: 'None' }),
    ...((crossSiteCookie || secureCookie) && { secure: true }),
  });
}

/** Keeps what a client keeps where the options say, under names of its own. Instances of another prefix share nothing. */
export const persistence: Feature<PersistenceSettings> = {
  defaults: PERSISTENCE_DEFAULTS,
  checks: {
    persistence: ['cookie, localStorage or none'],
    // A cookie's name that had to be encoded could not be found again.
    persistenceKeyPrefix: [
      'letters, digits, "_", "-" and "."',
      (prefix: string) => (/^[\w.-]+$/.test(prefix) ? prefix : undefined),
    ],
    // In the form of its README: "*.example.com".
    cookieDomain: ['', (domain: string) => domain.replace(/^\*?\./, '')],
  },
  dependencies(settings) {
    const prefix = settings.persistenceKeyPrefix;
    const isMemoryOnly = settings.persistence === 'none';
    const database = prefix === PERSISTENCE_DEFAULTS.persistenceKeyPrefix ? 'utmost' : `utmost ${prefix}`;
    return {
      records: recordStoreOf(browserPage, settings),
      entries: isMemoryOnly
        ? memoryEntries()
        : withFallback(indexedDbEntries(database), localStorageEntries(`${prefix}outbox_`)),
      retryAfter: isMemoryOnly ? memoryRetryAfter() : retryAfterStore(`${prefix}retry_at`),
      maxEntries: settings.maxQueueSize,
      isMemoryOnly,
    };
  },
  create: () => ({
    // A key that all instances of a page share has no instance's prefix.
    onErase: forgetDepartedHost,
  }),
};
