import { normalizeHost } from '../shared/host.ts';
import type { DeliveryEntry, Receipt } from '../shared/types.ts';

/** Options of `init`. One of `applicationId` and `relay` is required; everything else has a default. */
export interface Options {
  /** The publishable (write-only) application id, sent as `X-Moesif-Application-Id`. A relay adds its own. */
  applicationId?: string | undefined;
  /**
   * The address of the Users API: a URL, a bare host, or a host with port and path. A bare host means https, except
   * on loopback. Default `https://api.moesif.net`.
   */
  host?: string | undefined;
  /**
   * The address of `utmost/relay` on your own server: a path on this site such as `/t`, or a URL. Everything goes
   * there, nothing to `host`. Default: none.
   */
  relay?: string | undefined;
  /**
   * The campaign that a user is given. `first`: the first touch that has data. `last`: the latest one. Its absent
   * fields are sent as `null`, so that the server's recursive merge cannot blend two campaigns. Default `first`.
   */
  attribution?: 'first' | 'last' | undefined;
  /** Time without a page view after which an external referrer begins a new touch, in minutes. Default 30. */
  sessionTimeout?: number | undefined;
  /** Age beyond which a stored touch is no longer sent, in days. Default 180. */
  campaignMaxAge?: number | undefined;
  /**
   * Further hosts that never count as a referrer, such as your own sign-in or payment pages. An entry is a `host`, or
   * `host/path` for part of one; subdomains are included. Entries add to the default list; `!host` takes one off it.
   * Default `[]`.
   */
  excludeReferrers?: string[] | undefined;
  /**
   * Adds `metadata.attribution` to every identified update: first and last touch, and the number of touches. Each
   * touch has its time, rule, landing path and click ids. Default false.
   */
  includeAttribution?: boolean | undefined;
  /**
   * The visitor's choice, until a call of `setConsent` on this page or an earlier one replaces it. `pending`: nothing
   * is written to the device, nothing is sent, and calls wait in memory. `denied`: calls are answered `dropped`, and
   * what earlier pages stored is erased. `denied` also overrules the choice of an earlier page. Default `granted`.
   */
  consent?: 'granted' | 'pending' | 'denied' | undefined;
  /** Treats a browser's Global Privacy Control as `consent: 'denied'`. Default false. */
  respectGpc?: boolean | undefined;
  /**
   * The time limit of one attempt, and the longest a returned promise stays open, in milliseconds. Default 10000. A
   * shorter one means an earlier `queued` on a slow network, and more repeated requests.
   */
  timeout?: number | undefined;
  /**
   * Hears of every attempt's result, with a copy of the update. Updates of earlier pages are included. A final result
   * is reported once, `queued` after each failed attempt. What the function throws is ignored. Default: nothing.
   */
  onDelivery?: ((receipt: Receipt, entry: DeliveryEntry) => void) | undefined;
  /** Logs on the console what is decided and why, one line for each decision. Default false. */
  debug?: boolean | undefined;
}

/** The options, complete and checked: no code behind this asks whether one is set. */
export type Settings = { [K in keyof Options]-?: Exclude<Options[K], undefined> };

export const DEFAULTS: Settings = {
  applicationId: '',
  host: 'https://api.moesif.net',
  relay: '',
  attribution: 'first',
  sessionTimeout: 30, // minutes
  campaignMaxAge: 180, // days
  excludeReferrers: [],
  includeAttribution: false,
  consent: 'granted',
  respectGpc: false,
  timeout: 10_000, // milliseconds
  onDelivery() {},
  debug: false,
};

/** Options that take one of a few words, and these words. */
const CHOICES = { attribution: 'first or last', consent: 'granted or pending or denied' };

const kindOf = (value: unknown) =>
  typeof value === 'number' && value > 0
    ? 'positive number'
    : Array.isArray(value) && value.every(item => typeof item === 'string')
      ? 'list of strings'
      : typeof value;

/** Throws a TypeError with a sentence that tells the fix, unless `isMet`. */
export const require = (isMet: unknown, name: string, wanted: string): void => {
  if (!isMet) throw new TypeError(`utmost: ${name} must be ${wanted}.`);
};

/**
 * Puts the options over their defaults, without writing to either. `undefined` counts as absent. An option that has
 * no default is reported under `debug` and left out. Throws a TypeError where one is of another kind than its
 * default.
 */
export function withDefaults<Complete extends object>(
  options: Partial<Options>,
  defaults: Complete,
): Complete {
  const complete = { ...defaults } as Record<string, unknown>;
  for (const [name, value] of Object.entries({ ...options })) {
    const kind = kindOf(complete[name]);
    if (kind === 'undefined') {
      if (options.debug) console.warn(`utmost: unknown option "${name}"; check it`);
    } else if (value !== undefined) {
      require(kindOf(value) === kind, name, `a ${kind}`);
      complete[name] = value;
    }
  }
  return complete as Complete;
}

/** Turns the caller's options into complete settings. Throws a TypeError with a sentence that tells the fix. */
export const normalizeOptions = (options: Options): Settings =>
  checkSettings(withDefaults(options, DEFAULTS));

/** Brings each setting into its one form. Throws where a value cannot be meant. */
export function checkSettings<All extends Settings>(settings: All): All {
  const { applicationId, relay } = settings;
  require(applicationId || relay, 'applicationId or relay', 'given to init');
  require(/^($|\/|https?:\/\/[^/])/.test(relay), 'relay', 'a path such as "/t", or a URL');
  for (const [name, words] of Object.entries(CHOICES))
    require(words.split(' or ').includes(settings[name as keyof typeof CHOICES]), name, words);
  const host = normalizeHost(settings.host);
  require(host, 'host', 'a URL or host name');
  return {
    ...settings,
    host: host as string,
    relay: relay.replace(/\/+$/, ''),
    // A pasted address counts as its host.
    excludeReferrers: settings.excludeReferrers.map(entry =>
      entry.toLowerCase().replace(/https?:\/\/|\/$/g, ''),
    ),
    // A timer's limit is 32 bits: past it, it fires at once.
    timeout: Math.min(settings.timeout, 2 ** 31 - 1),
  };
}
