import { browserPage } from '../browser/page.ts';
import { createTransport, type Post } from '../delivery/transport.ts';
import { normalizeOptions, type Options } from '../options/options.ts';
import { withFallback } from '../storage/fallback-entries.ts';
import { indexedDbEntries } from '../storage/indexeddb-entries.ts';
import { localStorageEntries } from '../storage/local-storage-entries.ts';
import { createRecordStore } from '../storage/record-store.ts';
import { retryAfterStore } from '../storage/retry-after.ts';
import type { Client } from './client.ts';
import { createClient } from './create-client.ts';
import { beginOnce, KEY, onePerPage, type Startable } from './one-client.ts';

/** A page's client, which its `init` begins. */
export interface DefaultClient extends Client {
  /**
   * Begins tracking: attributes this visit and sends what earlier pages left. A second call with the same options
   * returns the same client. On a server it does nothing.
   *
   * @param options One of `applicationId` and `relay` is required.
   * @throws TypeError with a sentence that tells the fix. Causes: no application id, an option of the wrong kind, or
   *   other options than in an earlier call.
   */
  init(options: Options): Client;
}

/**
 * Makes the client of a page, which sends by `post`. Where an earlier copy of the library has made one, that is
 * returned.
 */
export function createDefaultClient(post: Post): DefaultClient & Startable {
  const { client, begin, isBegun } = createClient(browserPage.now);
  const init = beginOnce(client as Client, normalizeOptions, settings =>
    begin(settings, {
      page: browserPage,
      transport: createTransport(post, settings.timeout, browserPage),
      records: createRecordStore(new URL(browserPage.url()), browserPage.setTimer),
      entries: withFallback(indexedDbEntries(), localStorageEntries()),
      retryAfter: retryAfterStore(),
    }),
  );
  return onePerPage<DefaultClient & Startable>({ init, ...client, [KEY]: isBegun }, 'init');
}
