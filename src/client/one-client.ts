import { isBrowser } from '../browser/page.ts';
import type { Options, Settings } from '../options/options.ts';
import type { Client } from './client.ts';
import type { Context } from './dependencies.ts';

/**
 * The key under which every copy of the library finds the page's client, and whether that has begun. No element has
 * this name.
 */
export const KEY: unique symbol = /* @__PURE__ */ Symbol.for('utmost');

/** What other code of the library can know of a client. */
export interface Handle {
  /** Returns its settings and dependencies; undefined before it has begun. The panel shows what they hold. */
  (): Context | undefined;
  /** Whether another copy of the library has come across it, or it has replaced another one's. */
  isShared?: boolean;
}

/** A client that its page begins by `init`. */
export interface Startable {
  init(options: Options): Client;
  [KEY]: Handle;
}

const page = globalThis as typeof globalThis & { [KEY]?: Startable };

/** Returns the client of the first copy on this page, if there was one. */
export const firstClient = (): Startable | undefined => page[KEY];

/**
 * Returns the page's one client, so that a visit is attributed and announced once. It is the first copy's, whether
 * that came by a script tag or in a bundle. A copy with more functions, such as `utmost/full`, replaces one without
 * `method`.
 */
export function onePerPage<C extends Startable>(own: C, method: keyof C): C {
  const first = page[KEY] as C | undefined;
  if (!first?.[method]) {
    page[KEY] = own;
    own[KEY].isShared = !!first;
    return own;
  }
  first[KEY].isShared = true;
  const init: C['init'] = options => {
    if (options?.debug) console.info('utmost: another copy serves; load one');
    return first.init(options);
  };
  return { ...first, init };
}

/**
 * Makes an `init` that begins once and returns the client. A later call must have the same options. Functions are
 * compared by their source text, since a framework makes them anew for each render. The latest is called.
 */
export function beginOnce<S extends Settings, C>(
  client: C,
  normalize: (options: Options) => S,
  begin: (settings: S) => void,
): (options: Options) => C {
  let running: S | undefined;
  const text = (value: unknown) => JSON.stringify(value) ?? `${value}`;
  return options => {
    if (!isBrowser()) return client;
    const settings = normalize(options);
    if (!running) {
      begin(settings);
      running = settings;
    }
    for (const name in settings)
      if (text(settings[name]) !== text(running[name]))
        throw new TypeError(`utmost: init was called with another ${name}; call it once.`);
    running.onDelivery = settings.onDelivery;
    return client;
  };
}
