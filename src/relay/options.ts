import { isTrust, TRUST } from '../server/client-ip.ts';
import type { RenewOptions } from '../server/renew-cookies.ts';
import { isLoopback, normalizeHost } from '../shared/host.ts';
import { require, withoutAbsent } from './check-options.ts';

/** User.com as an upstream of the relay. */
export interface UserComOptions {
  /** The `acme` of `acme.user.com`. This or `baseUrl` is required. */
  subdomain?: string | undefined;
  /** The address of User.com's API, if not `https://<subdomain>.user.com`. https, except on loopback. */
  baseUrl?: string | undefined;
  /** The API key, a secret of your server. It is sent to User.com alone, and is in no answer and no error. Required. */
  token: string;
  /**
   * Creates a user whom User.com does not know yet, by a second request. Without it such an update is answered 404,
   * and the browser drops it. That is right where your own server creates users at sign-up. Default false.
   */
  createMissing?: boolean | undefined;
}

/**
 * Options of `createRelay` and `createNodeRelay`. At least one of `applicationId` and `userCom` is required. An
 * environment variable may be missing or empty, as while a site is built. The first update is then reported on the
 * console, and every one answered 503.
 */
export interface RelayOptions {
  /** The application id of the Users API. It stays on the server: pages that use the relay need none. */
  applicationId?: string | undefined;
  /**
   * The address of the Users API: a URL, a bare host, or a host with port and path. A bare host means https, except
   * on loopback. Default `https://api.moesif.net`.
   */
  upstream?: string | undefined;
  /** Updates identified users in User.com as well, or, without an `applicationId`, there alone. Default: it does not. */
  userCom?: UserComOptions | undefined;
  /**
   * Further origins whose pages may post, such as `https://www.example.com`. The relay's own origin always may.
   * Default `[]`.
   */
  allowedOrigins?: string[] | undefined;
  /**
   * The source of the visitor's address. A number: how many proxies of yours stand in front. Their entries of
   * `X-Forwarded-For`, counted from the right, are believed; without that header, those of `Forwarded`. The same goes
   * for the site's own host, by `X-Forwarded-Host`. A header's name (`cf-connecting-ip`): that header alone, which
   * your proxy or platform must set itself. Without either, and where a header holds no address, it is the
   * connection's own address, as given with the request. Too much trust lets visitors choose their address. Too
   * little gives everybody the proxy's. Default 0.
   */
  trustProxy?: number | string | undefined;
  /**
   * Renews the visitor's cookies with the answer to an update that has arrived: the same values, for 400 days. Safari
   * keeps what scripts write for 7. Options say where pages keep their cookies, if not in the usual place; see
   * `docs/safari.md`. Default false.
   */
  renew?: boolean | RenewOptions | undefined;
  /**
   * Adds the channel of the update's campaign to its metadata, as `metadata.channel`, a name of Google Analytics'
   * Default Channel Group; see `docs/channels.md`. Only where the body holds a campaign, and never over a `channel`
   * that the page sent. Default false.
   */
  addChannel?: boolean | undefined;
  /** The largest body that is read, in bytes. More than the default is refused upstream. Default 1048576, 1 MB. */
  maxBodyBytes?: number | undefined;
  /**
   * Time in which a request is answered, all upstreams included, in milliseconds; 503 if one of them was too slow. A
   * shorter time frees the browser sooner, and repeats more requests that had arrived after all. Default 10000.
   */
  timeout?: number | undefined;
}

/** The options, complete and checked. */
export interface RelaySettings {
  usersApi?: { host: string; applicationId: string };
  userCom?: { host: string; token: string; createMissing: boolean };
  allowedOrigins: readonly string[];
  trustProxy: number | string;
  maxBodyBytes: number;
  timeout: number;
  /** Whether updates are given the channel of their campaign. */
  addChannel: boolean;
  /** Where the cookies to be renewed are. Absent: none are. */
  renew?: RenewOptions;
  /** The option that is not set on this server, though nothing can be sent without it. */
  missing?: string;
}

export const RELAY_DEFAULTS = {
  upstream: 'https://api.moesif.net',
  allowedOrigins: [],
  trustProxy: 0, // proxies
  renew: false,
  addChannel: false,
  maxBodyBytes: 1_048_576, // bytes
  timeout: 10_000, // milliseconds
};

const NAMES = ['applicationId', 'userCom', ...Object.keys(RELAY_DEFAULTS)];
const USER_COM_NAMES = ['subdomain', 'baseUrl', 'token', 'createMissing'];

/** Checks whether a value can be a header's. No sentence here repeats what was given: it may be the secret. */
const isSecret = (value: unknown): value is string =>
  typeof value === 'string' && /^[\x21-\x7e]+$/.test(value);

/**
 * Makes settings of the options of the function `name`, or throws a TypeError with a sentence that tells the fix.
 */
export function normalizeRelayOptions(options: RelayOptions, name = 'createRelay'): RelaySettings {
  const given = withoutAbsent(options, NAMES, name);
  const {
    applicationId,
    userCom,
    upstream,
    allowedOrigins,
    trustProxy,
    renew,
    addChannel,
    maxBodyBytes,
    timeout,
  } = {
    ...RELAY_DEFAULTS,
    ...given,
  };
  const settings: RelaySettings = {
    allowedOrigins: normalizeOrigins(allowedOrigins),
    trustProxy: normalizeTrust(trustProxy),
    addChannel,
    maxBodyBytes,
    // A timer's limit is 32 bits: past it, it fires at once.
    timeout: Math.min(timeout, 2 ** 31 - 1),
  };
  require(typeof addChannel === 'boolean', 'addChannel must be true or false');
  if (renew) settings.renew = normalizeRenew(renew);
  for (const [name, value] of Object.entries({ maxBodyBytes, timeout }))
    require(typeof value === 'number' &&
      value > 0, `${name} must be a positive number, such as ${RELAY_DEFAULTS[name as 'timeout']}`);
  if (applicationId !== undefined) {
    require(isSecret(applicationId), 'applicationId must be a text without spaces; set it on this server');
    const host = typeof upstream === 'string' && normalizeHost(upstream);
    require(host, 'upstream must be a URL or host name, such as https://api.moesif.net');
    settings.usersApi = { host, applicationId };
  }
  if (userCom !== undefined) {
    const { host, token, createMissing } = normalizeUserCom(userCom);
    if (host === undefined) settings.missing = 'userCom.subdomain';
    else if (token === undefined) settings.missing = 'userCom.token';
    else settings.userCom = { host, token, createMissing };
  } else if (applicationId === undefined) settings.missing = 'applicationId';
  return settings;
}

function normalizeUserCom(options: UserComOptions) {
  const {
    subdomain,
    baseUrl,
    token,
    createMissing = false,
  } = withoutAbsent(options, USER_COM_NAMES, 'userCom');
  require(token === undefined ||
    isSecret(token), 'userCom.token must be a text without spaces; set it on this server');
  require(typeof createMissing === 'boolean', 'userCom.createMissing must be true or false');
  require(subdomain === undefined ||
    baseUrl === undefined, 'userCom must have a subdomain or a baseUrl, and not both');
  require(subdomain === undefined ||
    /^[a-z\d-]+$/i.test(subdomain), 'userCom.subdomain must be one word, the "acme" of acme.user.com');
  const address = baseUrl ?? (subdomain && `${subdomain}.user.com`);
  if (address === undefined) return { token, createMissing };
  const host = normalizeHost(address)?.replace(/\/api\/public$/, '');
  require(host, 'userCom.baseUrl must be a URL or host name, such as https://acme.user.com');
  require(/^https:/.test(host) ||
    isLoopback(host), 'userCom.baseUrl must be https, because the token is a secret');
  return { host, token, createMissing };
}

const RENEW_NAMES = ['domain', 'secure', 'sameSite', 'persistenceKeyPrefix', 'cookieExpiration', 'consent'];

function normalizeRenew(renew: unknown): RenewOptions {
  require(renew === true ||
    typeof renew ===
      'object', 'renew must be true, or say where the cookies are, such as { domain: "example.com" }');
  return withoutAbsent(renew === true ? {} : (renew as RenewOptions), RENEW_NAMES, 'renew');
}

function normalizeOrigins(origins: unknown): string[] {
  require(Array.isArray(origins), 'allowedOrigins must be a list of origins such as https://www.example.com');
  return origins.map(entry => {
    const host = typeof entry === 'string' && /^https?:\/\//i.test(entry) && normalizeHost(entry);
    require(host &&
      new URL(host).origin === host &&
      !host.includes(
        '*',
      ), 'allowedOrigins must hold origins such as https://www.example.com, without a path or wildcard');
    return host;
  });
}

function normalizeTrust(trust: unknown): number | string {
  require(isTrust(trust), `trustProxy must be ${TRUST}`);
  return trust;
}
