import { browserPage, type Page } from '../browser/page.ts';
import { createTransport, type Post } from '../delivery/transport.ts';
import { readRaw } from '../storage/cookie-store.ts';
import { withFallback } from '../storage/fallback-entries.ts';
import { indexedDbEntries } from '../storage/indexeddb-entries.ts';
import { localStorageEntries } from '../storage/local-storage-entries.ts';
import { memoryEntries } from '../storage/memory-entries.ts';
import { memoryRecords } from '../storage/memory-records.ts';
import { createRecordStore, type RecordStore } from '../storage/record-store.ts';
import { domainCandidates } from '../storage/registrable-domain.ts';
import { memoryRetryAfter, retryAfterStore } from '../storage/retry-after.ts';
import { type Extras, FULL_DEFAULTS, type FullSettings, MOESIF_PREFIX } from './options.ts';
import type { FullDependencies } from './parts.ts';

/** Makes the store of the page's records, as the options say. */
export function storeOf(page: Page, extras: Extras): RecordStore {
  const { persistence, crossSubdomainCookie, crossSiteCookie, secureCookie, cookieDomain } = extras;
  const url = new URL(page.url());
  // The same as where no cookie is taken: a sibling subdomain cannot be told from a stranger.
  if (persistence === 'none') return memoryRecords(url.hostname.replace(/^www\./, ''));
  const parents = cookieDomain ? [cookieDomain] : crossSubdomainCookie ? domainCandidates(url.hostname) : [];
  return createRecordStore(url, page.setTimer, {
    prefix: extras.persistenceKeyPrefix,
    cookieDomains: persistence === 'localStorage' ? [] : [...parents, undefined],
    expires: extras.cookieExpiration,
    ...(crossSiteCookie && { sameSite: 'None' }),
    ...((crossSiteCookie || secureCookie) && { secure: true }),
  });
}

/** Ends of the names under which moesif-browser-js stores. */
const MOESIF_NAMES = [
  'anonymous_id',
  'stored_user_id',
  'stored_company_id',
  'stored_session_id',
  'campaign_data',
  'campaign_company',
];

/**
 * Makes the dependencies of an instance in a browser. Instances of another prefix share nothing of it. `post` sends.
 * `moesifPrefix` is the prefix of moesif-browser-js's names.
 */
export function environmentOf(
  settings: FullSettings,
  post: Post,
  moesifPrefix = MOESIF_PREFIX,
): FullDependencies {
  const { persistence, persistenceKeyPrefix: prefix } = settings;
  const isKept = persistence !== 'none';
  const database = prefix === FULL_DEFAULTS.persistenceKeyPrefix ? 'utmost' : `utmost ${prefix}`;
  const { setTimer } = browserPage;
  return {
    page: browserPage,
    transport: createTransport(post, settings.timeout, browserPage),
    records: storeOf(browserPage, settings),
    entries: isKept
      ? withFallback(indexedDbEntries(database), localStorageEntries(`${prefix}outbox_`))
      : memoryEntries(),
    retryAfter: isKept ? retryAfterStore(`${prefix}retry_at`) : memoryRetryAfter(),
    ...(settings.adoptMoesif && {
      left: name => readRaw(moesifPrefix + name),
      wipeLeft: () =>
        createRecordStore(new URL(browserPage.url()), setTimer, { prefix: moesifPrefix }).remove(
          ...MOESIF_NAMES,
        ),
    }),
  };
}

export const userAgent = (): string => globalThis.navigator?.userAgent ?? '';
