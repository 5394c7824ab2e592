import {
  checkSettings,
  DEFAULTS,
  type Options,
  require,
  type Settings,
  withDefaults,
} from '../options/options.ts';
import {
  type CrossDomainOptions,
  type CrossDomainSettings,
  normaliseCrossDomain,
} from './cross-domain/options.ts';
import { note, RETIRED_OPTIONS, type RetiredOptions } from './moesif/unsupported.ts';

/** What `init` of `utmost/full` takes: the options of `utmost`, and those of moesif-browser-js under their names there. */
export interface FullOptions extends Options, RetiredOptions {
  /**
   * Where the visitor's records are kept. `cookie`: in cookies, and in localStorage where the browser refuses cookies.
   * `localStorage`: there alone, so that subdomains do not share a visitor, and a referrer on one of them counts as a
   * stranger's. `none`: nothing is written to the device; every page has a new visitor, and what is not confirmed when
   * the page ends may be lost. Default `cookie`.
   */
  persistence?: 'cookie' | 'localStorage' | 'none' | undefined;
  /** Whether subdomains share the cookies. Default true. */
  crossSubdomainCookie?: boolean | undefined;
  /** Lets pages embedded in other sites have the cookies: `SameSite=None; Secure`. Default false. */
  crossSiteCookie?: boolean | undefined;
  /** Sets `Secure` on http pages, too; on https it is always set. Default false. */
  secureCookie?: boolean | undefined;
  /** Lifetime of the cookies in days, renewed on use. Browsers cap it at 400. Default 365. */
  cookieExpiration?: number | undefined;
  /** The domain of the cookies, such as `example.com`. Default: the registrable domain, found by trying. */
  cookieDomain?: string | undefined;
  /** What the names of all that is kept begin with. Each instance on a page needs its own. Default `utmost_`. */
  persistenceKeyPrefix?: string | undefined;
  /** Takes no UTM parameters for a campaign. Default false. */
  disableUtm?: boolean | undefined;
  /** Takes no referrer for a campaign. Default false. */
  disableReferrer?: boolean | undefined;
  /** Takes no gclid for a campaign. Default false. */
  disableGclid?: boolean | undefined;
  /** Lets actions wait for each other, to be sent as one request. Default true. */
  batchEnabled?: boolean | undefined;
  /** Actions in one request at most; so many that wait do not wait longer. Default 25. */
  batchSize?: number | undefined;
  /** How long actions wait for each other, in milliseconds. Default 2500. */
  batchMaxTime?: number | undefined;
  /** The same as `consent: 'pending'`. Default false. */
  requirePublishingConsent?: boolean | undefined;
  /** Most updates and actions that wait in the outbox: over it the oldest action goes first. Default 200. */
  maxQueueSize?: number | undefined;
  /** Keeps the whole query in an action's `request.uri`, and not the campaign parameters alone. Default false. */
  keepQuery?: boolean | undefined;
  /** Takes over the visitor that moesif-browser-js left on this device. Default true. */
  adoptMoesif?: boolean | undefined;
  /** Sites on other domains that are to know a visitor as the same one. Default: none. */
  crossDomain?: CrossDomainOptions | undefined;
}

/** The options that `utmost` does not have, complete and checked. */
export type Extras = {
  [K in Exclude<keyof FullOptions, keyof Options | keyof RetiredOptions | 'crossDomain'>]-?: Exclude<
    FullOptions[K],
    undefined
  >;
} & { crossDomain: CrossDomainSettings | undefined };

export const FULL_DEFAULTS: Omit<Extras, 'crossDomain'> = {
  persistence: 'cookie',
  crossSubdomainCookie: true,
  crossSiteCookie: false,
  secureCookie: false,
  cookieExpiration: 365, // days
  cookieDomain: '',
  persistenceKeyPrefix: 'utmost_',
  disableUtm: false,
  disableReferrer: false,
  disableGclid: false,
  batchEnabled: true,
  batchSize: 25,
  batchMaxTime: 2500, // milliseconds
  requirePublishingConsent: false,
  maxQueueSize: 200,
  keepQuery: false,
  adoptMoesif: true,
};

export type FullSettings = Settings & Extras;

/** What moesif-browser-js's own names begin with, unless its option `persistenceKeyPrefix` said otherwise. */
export const MOESIF_PREFIX = 'moesif_';

/** Turns the caller's options into complete settings. Throws a TypeError with a sentence that tells the fix. */
export function normaliseFullOptions(options: FullOptions): FullSettings {
  const given: Record<string, unknown> = { ...options };
  for (const [name, instead] of Object.entries(RETIRED_OPTIONS))
    if (name in given) {
      note(`option ${name}`, instead);
      delete given[name];
    }
  // `global` is the script tag's.
  const { crossDomain: _, global: __, ...named } = given;
  const all = withDefaults(named, { ...DEFAULTS, ...FULL_DEFAULTS });
  if (all.requirePublishingConsent) all.consent = options.consent ?? 'pending';
  const { persistence, persistenceKeyPrefix, cookieDomain, batchMaxTime } = all;
  require(['cookie', 'localStorage', 'none'].includes(
    persistence,
  ), 'persistence', 'cookie, localStorage or none');
  // What a cookie's name would have to encode could not be found again.
  require(/^[\w.-]+$/.test(
    persistenceKeyPrefix,
  ), 'persistenceKeyPrefix', 'letters, digits, "_", "-" and "."');
  return {
    ...checkSettings(all),
    // As its README has it: "*.example.com".
    cookieDomain: cookieDomain.replace(/^\*?\./, ''),
    // A timer's limit is 32 bits: past it, it fires at once.
    batchMaxTime: Math.min(batchMaxTime, 2 ** 31 - 1),
    crossDomain: options?.crossDomain && normaliseCrossDomain(options.crossDomain),
  };
}
