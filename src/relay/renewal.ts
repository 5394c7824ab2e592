import { trustedHops } from '../server/forwarded.ts';
import { type RenewOptions, renewCookies } from '../server/renew-cookies.ts';

/**
 * Makes the `Set-Cookie` lines that renew the cookies of a request. They are `Secure` where the page is on https. Its
 * origin tells that behind any proxy. A beacon of a page without a referrer has none: then it is the scheme that the
 * relay or a trusted proxy was asked by.
 */
export function renewalOf(
  { headers, url }: Pick<Request, 'headers' | 'url'>,
  renew: RenewOptions,
  trustProxy: number | string,
): string[] {
  const origin = headers.get('Origin') ?? 'null';
  const schemes = origin === 'null' ? [url, ...trustedHops(headers, trustProxy, 'proto')] : [origin];
  const secure = schemes.some(scheme => /^https\b/i.test(scheme));
  return renewCookies(headers.get('Cookie'), { secure, ...renew });
}
