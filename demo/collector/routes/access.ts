import { createHash, timingSafeEqual } from 'node:crypto';
import type { Context, MiddlewareHandler } from 'hono';
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import { HttpError } from '../http-error.ts';

/** Who may read and delete what is stored, and under which names the collector is reached. */
export interface AccessOptions {
  /** The secret for reading and deleting. */
  readToken: string;
  /** Host names of the collector besides those of this machine, without a port. Default: none. */
  hosts?: readonly string[] | undefined;
}

/** The seconds for which a browser stays signed in. */
const LIFETIME = 30 * 86_400;

const SIGN_IN =
  'Reading needs the read token. Send the header "Authorization: Bearer <READ_TOKEN>", or open the dashboard by the link that the collector printed at its start.';

/** Checks who may read and delete. */
export class Access {
  readonly #token: Buffer;
  /** The value of the cookie. Other servers of this machine get to see it, as cookies know no ports. */
  readonly #session: string;
  readonly #hosts: ReadonlySet<string>;

  constructor({ readToken, hosts = [] }: AccessOptions) {
    if (!readToken) throw new Error('The collector needs a readToken, the secret for reading.');
    this.#token = digest(readToken);
    this.#session = digest(`session of ${readToken}`).toString('hex');
    this.#hosts = new Set(hosts.map(toHostname));
  }

  /**
   * Lets requests pass that come from the collector's own pages or from no page, and that bring the token or the cookie.
   * Others are answered 403 or 401.
   */
  readonly guard: MiddlewareHandler = async (c, next) => {
    this.#checkSource(c);
    const [, bearer] = /^Bearer +(\S+) *$/i.exec(c.req.header('Authorization') ?? '') ?? [];
    const cookie = getCookie(c, nameOf(c));
    const isSignedIn =
      bearer !== undefined ? this.isToken(bearer) : cookie !== undefined && this.#isOurs(cookie);
    if (!isSignedIn) throw new HttpError(401, SIGN_IN);
    await next();
    // Not to be found in a cache by whoever uses the machine next.
    c.header('Cache-Control', 'no-store');
  };

  /** Lets requests pass that come from the collector's own pages or from no page, whoever makes them. */
  readonly guardSource: MiddlewareHandler = async (c, next) => {
    this.#checkSource(c);
    await next();
  };

  /** Lets requests pass that call the collector by a name of its own. */
  readonly guardHost: MiddlewareHandler = async (c, next) => {
    this.#checkHost(c);
    await next();
  };

  /** Checks a token, in a time that tells nothing of it. */
  isToken(text: string): boolean {
    return timingSafeEqual(digest(text), this.#token);
  }

  /** Signs the browser in: its requests need no header from now on. */
  signIn(c: Context): void {
    // A proxy that speaks TLS says so. Over plain http, a browser would drop a cookie that is "secure".
    const isSecure = c.req.url.startsWith('https:') || c.req.header('X-Forwarded-Proto') === 'https';
    setCookie(c, nameOf(c), this.#session, {
      path: '/',
      httpOnly: true,
      sameSite: 'Strict',
      secure: isSecure,
      maxAge: LIFETIME,
    });
  }

  /** Signs the browser out. */
  signOut(c: Context): void {
    deleteCookie(c, nameOf(c), { path: '/' });
  }

  #isOurs(cookie: string): boolean {
    return timingSafeEqual(digest(cookie), digest(this.#session));
  }

  /** Throws a 403 where the collector is called by a foreign name: DNS rebinding does, to be of the same origin. */
  #checkHost(c: Context): URL {
    const host = toHost(hostOf(c));
    if (host && this.#isOwn(host.hostname)) return host;
    throw new HttpError(
      403,
      'The Host of this request is no name of this collector. Use localhost, or add the name to HOSTS.',
    );
  }

  /** Throws a 403 where a page of somebody else's asks. */
  #checkSource(c: Context): void {
    const { host } = this.#checkHost(c);
    const origin = c.req.header('Origin');
    const site = c.req.header('Sec-Fetch-Site');
    const isForeign = origin !== undefined && !this.#isOwnOrigin(origin, host);
    if (isForeign || site === 'cross-site' || site === 'same-site')
      throw new HttpError(403, 'This request comes from a foreign page, which may neither read nor delete.');
  }

  #isOwn(hostname: string): boolean {
    return isLoopback(hostname) || this.#hosts.has(hostname);
  }

  #isOwnOrigin(origin: string, host: string): boolean {
    if (!/^https?:\/\//i.test(origin)) return false;
    const own = toHost(origin.replace(/^https?:\/\//i, ''));
    // Behind a proxy the Host may be that of this machine; the page then has one of the names.
    return own !== undefined && (own.host === host || this.#hosts.has(own.hostname));
  }
}

/** Returns the name of the cookie. Each port has its own, as browsers send the cookies of all ports of a host. */
function nameOf(c: Context): string {
  return `utmost_read_${toHost(hostOf(c))?.port || 'default'}`;
}

const hostOf = (c: Context) => c.req.header('Host') ?? new URL(c.req.url).host;

function toHostname(name: string): string {
  const host = toHost(name);
  if (!host) throw new Error(`"${name}" is no host name. One looks like this: stats.example.com`);
  return host.hostname;
}

/** Parses a host with or without a port; undefined for anything else. */
function toHost(text: string): URL | undefined {
  if (!/^[^\s/?#@\\]+$/.test(text) || !URL.canParse(`http://${text}`)) return undefined;
  const url = new URL(`http://${text}`);
  // The dot at the end says only that the name is complete.
  url.hostname = url.hostname.replace(/\.$/, '');
  return url;
}

function isLoopback(hostname: string): boolean {
  return /^(localhost|[^.]+\.localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname);
}

/** Texts of any length become alike: how long a comparison takes tells nothing. */
function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
