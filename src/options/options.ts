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
   * Adds `metadata.click_ids` to every identified update: each click id of the latest touch that has it, with its time
   * and landing path, as offline imports of ad platforms want it. Default false.
   */
  clickIds?: boolean | undefined;
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

/** Options as they are when complete and checked: no code behind this asks whether one is set. */
export type Complete<Given> = { [K in keyof Given]-?: Exclude<Given[K], undefined> };

export type Settings = Complete<Options>;

export const DEFAULTS: Settings = {
  applicationId: '',
  host: 'https://api.moesif.net',
  relay: '',
  attribution: 'first',
  sessionTimeout: 30, // minutes
  campaignMaxAge: 180, // days
  excludeReferrers: [],
  includeAttribution: false,
  clickIds: false,
  consent: 'granted',
  respectGpc: false,
  timeout: 10_000, // milliseconds
  onDelivery() {},
  debug: false,
};

/**
 * The words or the kind that an option may have, for the sentence that refuses it. `read` brings a value into its one
 * form, or returns undefined for one that cannot be meant. Without it, the value has to be one of the words.
 */
type Check = readonly [wanted: string, read?: (value: never) => unknown];

/** Options that a client has: the core's, or a feature's. */
export interface OptionSpec {
  /** The values of absent options. A given one has to be of the same kind. */
  defaults?: object;
  /** Checks by the option's name. One that has no default takes any kind, and may be absent. */
  checks?: Readonly<Record<string, Check>>;
  /** Rewrites the options before they are read. */
  prepare?(options: Readonly<Record<string, unknown>>): Record<string, unknown>;
}

/** A timer's limit is 32 bits: past it, it fires at once. */
export const toTimeout = (milliseconds: number): number => Math.min(milliseconds, 2 ** 31 - 1);

/** The core's own options. */
export const CORE_OPTIONS: OptionSpec = {
  defaults: DEFAULTS,
  checks: {
    attribution: ['first or last'],
    consent: ['granted or pending or denied'],
    relay: [
      'a path such as "/t", or a URL',
      (relay: string) => (/^($|\/|https?:\/\/[^/])/.test(relay) ? relay.replace(/\/+$/, '') : undefined),
    ],
    host: ['a URL or host name', normalizeHost],
    excludeReferrers: [
      '',
      // A pasted address counts as its host.
      (entries: string[]) => entries.map(entry => entry.toLowerCase().replace(/https?:\/\/|\/$/g, '')),
    ],
    timeout: ['', toTimeout],
  },
};

const kindOf = (value: unknown) =>
  typeof value === 'number' && value > 0
    ? 'positive number'
    : Array.isArray(value) && value.every(item => typeof item === 'string')
      ? 'list of strings'
      : typeof value;

/** Throws a TypeError with a sentence that tells the fix, unless `isMet`. */
const require = (isMet: unknown, name: string, wanted: string): void => {
  if (!isMet) throw new TypeError(`utmost: ${name} must be ${wanted}.`);
};

/** Lists the names of all options. */
export const optionNames = ({ defaults, checks } = CORE_OPTIONS): string[] =>
  Object.keys({ ...defaults, ...checks });

/**
 * Turns the caller's options into complete settings, without writing to them. `undefined` counts as absent. A name that
 * is no option is reported under `debug` and left out.
 *
 * Throws a TypeError with a sentence that tells the fix, where an option is of another kind than its default, or cannot
 * be meant.
 */
export function normalizeOptions<S extends Settings = Settings>(
  options: Partial<Options>,
  { defaults, checks = {}, prepare = given => given } = CORE_OPTIONS,
): S {
  const settings: Record<string, unknown> = { ...defaults };
  for (const [name, value] of Object.entries(prepare({ ...options }))) {
    const isKnown = name in settings;
    if (!isKnown && !checks[name]) {
      if (options.debug) console.warn(`utmost: unknown option "${name}"; check it`);
    } else if (value !== undefined) {
      const kind = kindOf(settings[name]);
      require(!isKnown || kindOf(value) === kind, name, `a ${kind}`);
      settings[name] = value;
    }
  }
  require(settings.applicationId || settings.relay, 'applicationId or relay', 'given to init');
  for (const [name, [wanted, read]] of Object.entries(checks)) {
    const value = settings[name];
    if (value === undefined) continue;
    settings[name] = read ? read(value as never) : wanted.split(/, | or /).find(word => word === value);
    require(settings[name] !== undefined, name, wanted);
  }
  return settings as S;
}
