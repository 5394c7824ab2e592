import { trustedHops } from '../server/forwarded.ts';
import { tryOrUndefined } from '../shared/try-or-undefined.ts';

/** The origin of the page that posts: the relay's own, one on the list, or neither. */
export type RequestOrigin = 'same' | 'listed' | 'foreign';

/**
 * Checks the origin of a request by the browser's own headers, which no script of a page can change. A client that
 * is no browser can claim anything.
 */
export function checkOrigin(
  { headers, url }: Pick<Request, 'headers' | 'url'>,
  allowedOrigins: readonly string[],
  trustProxy: number | string,
): RequestOrigin {
  const origin = headers.get('Origin');
  if (origin && allowedOrigins.includes(origin)) return 'listed';
  // The one header that is right behind any proxy, and on pages without a referrer, whose beacons have `Origin: null`.
  const site = headers.get('Sec-Fetch-Site');
  if (site) return site === 'same-origin' ? 'same' : 'foreign';
  // Browsers leave it out on plain http, and older ones everywhere. Then the host decides, without the scheme. Behind
  // a proxy that ends TLS, an https page's request arrives as http.
  const host = hostOf(origin ?? '');
  const names = [headers.get('Host'), ...trustedHops(headers, trustProxy, 'host')];
  const own = [url, ...names.map(name => `http://${name}`)].map(hostOf);
  return host && own.includes(host) ? 'same' : 'foreign';
}

/** Returns the host name, with the port where that is not the scheme's own. */
const hostOf = (url: string): string | undefined =>
  tryOrUndefined(() => new URL(url).host)?.replace(/:(80|443)$/, '');

/**
 * Makes the headers that let a listed origin's page read the answer (fetch standard, CORS protocol). No cookies are
 * asked for.
 */
export function corsHeaders(
  origin: RequestOrigin,
  { headers }: Pick<Request, 'headers'>,
): Record<string, string> {
  // Also on answers that are the same for all: a cache must not give one origin's answer to another.
  const vary = { Vary: 'Origin' };
  if (origin !== 'listed') return vary;
  return {
    ...vary,
    'Access-Control-Allow-Origin': headers.get('Origin') as string,
    'Access-Control-Expose-Headers': 'Retry-After',
  };
}

/** Headers of the answer to a preflight, which JSON needs and text does not. */
export const PREFLIGHT = {
  'Access-Control-Allow-Methods': 'POST',
  'Access-Control-Allow-Headers': 'Content-Type',
  'Access-Control-Max-Age': '600',
};
