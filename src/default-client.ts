import { type Client, createClient } from './client.ts';
import { createTransport, type Post } from './delivery/transport.ts';
import { normaliseOptions, type Options } from './options.ts';
import { browserPage, hasPage } from './page.ts';
import { createStore } from './storage/cookies.ts';
import { indexedDbStore, localStorageStore, withFallback } from './storage/outbox.ts';
import { pauseStore } from './storage/pause.ts';

/** A page's client, which its `init` begins. */
export interface DefaultClient extends Client {
  /**
   * Begins tracking: attributes this visit and sends what earlier pages left. A second call with the same options
   * returns the same client. On a server it does nothing.
   *
   * @param options One of `applicationId` and `relay` is required.
   * @throws TypeError with a sentence that tells the fix: no application id, an option of the wrong kind, or other
   *   options than in an earlier call.
   */
  init(options: Options): Client;
}

/** The client of a page, which sends by `post`. */
export function createDefaultClient(post: Post): DefaultClient {
  const { client, begin } = createClient(browserPage.now);
  let begunWith: string | undefined;
  const init = (options: Options): Client => {
    if (!hasPage()) return client;
    const settings = normaliseOptions(options, name => {
      if (options?.debug) console.warn(`utmost: unknown option "${name}"`);
    });
    const given = JSON.stringify(settings);
    if (begunWith && begunWith !== given)
      throw new TypeError('utmost: init was called before, with other options.');
    if (!begunWith) {
      begunWith = given;
      begin(settings, {
        page: browserPage,
        transport: createTransport(post, settings.timeout, browserPage),
        store: createStore(new URL(browserPage.url()), browserPage.later),
        outbox: withFallback(indexedDbStore(), localStorageStore()),
        pause: pauseStore(),
      });
    }
    return client;
  };
  return { init, ...client };
}
