import { browserPage } from '../browser/page.ts';
import { beginOnce, firstClient, KEY, onePerPage, type Startable } from '../client/one-client.ts';
import type { Post } from '../delivery/transport.ts';
import { createFullClient } from './client.ts';
import type { FullClient } from './full-client.ts';
import { type FullOptions, normalizeFullOptions } from './options.ts';
import { environmentOf, userAgent } from './persistence.ts';

/** Prefixes of this page's instances. */
const prefixes = new Set<string>();

/** Makes an instance that sends by `post` and is not begun: it keeps its calls until its `init`. */
function createInstance(post: Post): FullClient & Startable {
  const { client, begin, isBegun } = createFullClient(browserPage, userAgent);
  const instance = { ...client, [KEY]: isBegun } as FullClient & Startable;
  instance.init = beginOnce(
    instance,
    normalizeFullOptions,
    (settings, { persistenceKeyPrefix: given }: FullOptions) => {
      const { persistenceKeyPrefix } = settings;
      if (prefixes.has(persistenceKeyPrefix))
        throw new TypeError('utmost: another instance has this persistenceKeyPrefix; give each its own.');
      begin(settings, environmentOf(settings, post, given));
      prefixes.add(persistenceKeyPrefix);
    },
  );
  return instance;
}

/** The default export, and the script tag's global. */
export interface Full extends FullClient {
  /**
   * Begins a further instance, which shares nothing with the others. Its option `persistenceKeyPrefix` has to differ
   * from theirs. On a server it does nothing.
   *
   * @throws TypeError as `init` does.
   */
  createClient(options: FullOptions): FullClient;
  /** Makes a further instance that is not begun: it keeps its calls until its `init`. */
  new: () => FullClient;
}

/**
 * Makes the page's first instance, which also makes further ones. Where an earlier copy of `utmost/full` has made it,
 * that one is returned.
 */
export function createFull(post: Post): Full & Startable {
  const before = firstClient();
  const first = createInstance(post);
  const own = {
    ...first,
    init(options: FullOptions) {
      if (before?.[KEY]())
        console.warn(
          'utmost: utmost and utmost/full are both on this page, and each counts the visit; load one.',
        );
      return first.init(options);
    },
    createClient: (options: FullOptions): FullClient => createInstance(post).init(options),
    new: (): FullClient => createInstance(post),
  };
  return onePerPage<Full & Startable>(own, 'track');
}
