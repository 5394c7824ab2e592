import { browserPage } from '../browser/page.ts';
import { createTransport, type Post } from '../delivery/transport.ts';
import { normalizeOptions, type Options, type Settings } from '../options/options.ts';
import { withFallback } from '../storage/fallback-entries.ts';
import { indexedDbEntries } from '../storage/indexeddb-entries.ts';
import { localStorageEntries } from '../storage/local-storage-entries.ts';
import { createRecordStore } from '../storage/record-store.ts';
import { retryAfterStore } from '../storage/retry-after.ts';
import type { Client } from './client.ts';
import { createClient } from './create-client.ts';
import type { Feature } from './feature.ts';
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

/** Makes a client of the browser's page, which sends by `post` and has that feature. */
export function createPageClient<C extends Client & Startable, S extends Settings = Settings>(
  post: Post,
  feature?: Feature<S, C>,
): C {
  const { client, begin, context } = createClient(browserPage, feature);
  client[KEY] = context;
  client.init = beginOnce<S, C>(
    client,
    options => normalizeOptions(options, feature),
    settings =>
      begin({
        settings,
        page: browserPage,
        transport: createTransport(post, settings.timeout, browserPage),
        records: createRecordStore(new URL(browserPage.url()), browserPage.setTimer),
        entries: withFallback(indexedDbEntries(), localStorageEntries()),
        retryAfter: retryAfterStore(),
        ...feature?.dependencies?.(settings),
      }),
  );
  return client;
}

/** Makes the client of a page. Where an earlier copy of the library has made one, that is returned. */
export const createDefaultClient = (post: Post): DefaultClient & Startable =>
  onePerPage(createPageClient<DefaultClient & Startable>(post), 'init');
