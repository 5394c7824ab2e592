import { userAgent } from '../browser/user-agent.ts';
import type { Feature } from '../client/feature.ts';
import { firstClient, KEY, onePerPage, type Startable } from '../client/one-client.ts';
import { createPageClient } from '../client/page-client.ts';
import type { Post } from '../delivery/transport.ts';
import { createActions } from './actions.ts';
import { campaignFilters } from './campaign-filters.ts';
import { combineFeatures } from './combine.ts';
import { companies } from './companies.ts';
import { crossDomain } from './cross-domain/cross-domain.ts';
import type { DefaultFullClient, FullClient } from './full-client.ts';
import { moesif } from './moesif/moesif.ts';
import type { FullOptions, FullSettings } from './options.ts';
import { type PersistenceSettings, persistence } from './persistence.ts';
import { sessions } from './sessions.ts';
import { touches } from './touches.ts';
import { visitorIds } from './visitor-ids.ts';

/** Prefixes of this page's instances. */
const prefixes = new Set<string>();

/** Lets each instance of a page keep what it keeps under names of its own. */
const ownPrefix: Feature<PersistenceSettings> = {
  // `global` is the script tag's.
  prepare: ({ global: _, ...options }) => options,
  dependencies({ persistenceKeyPrefix }) {
    if (prefixes.has(persistenceKeyPrefix))
      throw new TypeError('utmost: another instance has this persistenceKeyPrefix; give each its own.');
    prefixes.add(persistenceKeyPrefix);
    return {};
  },
};

/**
 * Makes the features of `utmost/full`. A visitor of moesif-browser-js is found before one that another site has sent.
 * `readUserAgent` returns the browser's name for itself.
 */
export const createFullFeatures = (readUserAgent: () => string): Feature<FullSettings, FullClient> =>
  combineFeatures<FullSettings, FullClient>([
    ownPrefix,
    persistence,
    moesif,
    crossDomain,
    campaignFilters,
    touches,
    visitorIds,
    sessions,
    companies,
    createActions(readUserAgent),
  ]);

export const FULL: Feature<FullSettings, FullClient> = /* @__PURE__ */ createFullFeatures(userAgent);

const createInstance = (post: Post) => createPageClient<FullClient & Startable, FullSettings>(post, FULL);

/**
 * Makes the page's first instance, which also makes further ones. Where an earlier copy of `utmost/full` has made it,
 * that one is returned.
 */
export function createFull(post: Post): DefaultFullClient & Startable {
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
  return onePerPage<DefaultFullClient & Startable>(own, 'track');
}
