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
  normalizeCrossDomain,
} from './cross-domain/options.ts';
import { note, RETIRED_OPTIONS, type RetiredOptions } from './moesif/unsupported.ts';

/** Options of `init` of `utmost/full`: those of `utmost`, and those of moesif-browser-js under their names there. */
export interface FullOptions extends Options, RetiredOptions {
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
  /** Ignores UTM parameters in attribution. Default false. */
  disableUtm?: boolean | undefined;
  /** Ignores the referrer in attribution. Default false. */
  disableReferrer?: boolean | undefined;
  /** Ignores the gclid in attribution. Default false. */
  disableGclid?: boolean | undefined;
  /** Lets actions wait for each other, to be sent as one request. Default true. */
  batchEnabled?: boolean | undefined;
  /** The most actions in one request. When that many wait, they are sent. Default 25. */
  batchSize?: number | undefined;
  /** Time for which actions wait for each other, in milliseconds. Default 2500. */
  batchMaxTime?: number | undefined;
  /** Sets `consent: 'pending'`. Default false. */
  requirePublishingConsent?: boolean | undefined;
  /** The most updates and actions that wait in the outbox. Over it the oldest action goes first. Default 200. */
  maxQueueSize?: number | undefined;
  /** Keeps the whole query in an action's `request.uri`, not only the campaign parameters. Default false. */
  keepQuery?: boolean | undefined;
  /** Imports the visitor that moesif-browser-js left on this device. Default true. */
  adoptMoesif?: boolean | undefined;
  /** Sites on other domains that are to know a visitor as the same one. Default: none. */
  crossDomain?: CrossDomainOptions | undefined;
}

/** The options that only `utmost/full` has, complete and checked. */
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

/** The prefix of moesif-browser-js's own names, unless its option `persistenceKeyPrefix` set another. */
export const MOESIF_PREFIX = 'moesif_';

/** Makes complete settings of the caller's options. Throws a TypeError with a sentence that tells the fix. */
export function normalizeFullOptions(options: FullOptions): FullSettings {
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
  // A cookie's name that had to be encoded could not be found again.
  require(/^[\w.-]+$/.test(
    persistenceKeyPrefix,
  ), 'persistenceKeyPrefix', 'letters, digits, "_", "-" and "."');
  return {
    ...checkSettings(all),
    // In the form of its README: "*.example.com".
    cookieDomain: cookieDomain.replace(/^\*?\./, ''),
    // A timer's limit is 32 bits: past it, it fires at once.
    batchMaxTime: Math.min(batchMaxTime, 2 ** 31 - 1),
    crossDomain: options?.crossDomain && normalizeCrossDomain(options.crossDomain),
  };
}
