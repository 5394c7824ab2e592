import type { Post } from '../delivery/transport.ts';
import { browserPage, hasPage } from '../page.ts';
import { createFullClient } from './client.ts';
import type { FullClient } from './full-client.ts';
import { type FullOptions, normaliseFullOptions } from './options.ts';
import { environmentOf, userAgent } from './surroundings.ts';

/** The prefixes of this page's instances. */
const prefixes = new Set<string>();

/** An instance that sends by `post` and is not begun: it keeps its calls until its `init`. */
function createInstance(post: Post): FullClient {
  const { client, begin } = createFullClient(browserPage, userAgent);
  let begunWith: string | undefined;
  const instance: FullClient = {
    ...client,
    init(options) {
      if (!hasPage()) return instance;
      const settings = normaliseFullOptions(options, name => {
        if (options?.debug) console.warn(`utmost: unknown option "${name}"`);
      });
      const given = JSON.stringify(settings);
      if (begunWith && begunWith !== given)
        throw new TypeError('utmost: init was called before, with other options.');
      if (begunWith) return instance;
      const { persistenceKeyPrefix } = settings.extras;
      if (prefixes.has(persistenceKeyPrefix))
        throw new TypeError('utmost: persistenceKeyPrefix must be another for each instance of a page.');
      prefixes.add(persistenceKeyPrefix);
      begunWith = given;
      begin(settings, environmentOf(settings, post, options.persistenceKeyPrefix));
      return instance;
    },
  };
  return instance;
}

/** The page's first instance, and how to make more: what the default export and the script tag are. */
export function createFull(post: Post) {
  return {
    ...createInstance(post),
    /**
     * Begins a further instance, which has nothing in common with the others: its option `persistenceKeyPrefix` has to
     * differ from theirs. On a server it does nothing.
     *
     * @throws TypeError as `init` does.
     */
    createClient: (options: FullOptions): FullClient => createInstance(post).init(options),
    /** A further instance that is not begun: it keeps its calls until its `init`. */
    new: (): FullClient => createInstance(post),
  };
}
