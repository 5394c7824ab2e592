import { attempt } from '../attempt.ts';

const IP_V4 = /^(25[0-5]|2[0-4]\d|1?\d?\d)(\.(25[0-5]|2[0-4]\d|1?\d?\d)){3}$/;

/** The URL standard knows what one is; what could end the brackets is kept from it. */
const isIpV6 = (text: string) => /^[\da-f:.]+$/i.test(text) && !!attempt(() => new URL(`http://[${text}]`));

/**
 * The visitor's address: as far as `trustProxy` says it is a proxy's word, else the connection's. Undefined where
 * neither is an IP address.
 *
 * It can't know whether there really are so many proxies: whoever reaches the server past them chooses an address.
 */
export function visitorAddress(
  headers: Headers,
  trustProxy: number | string,
  socket: string | undefined,
): string | undefined {
  return ipOf(forwardedAddress(headers, trustProxy) ?? socket ?? '');
}

function forwardedAddress(headers: Headers, trustProxy: number | string): string | undefined {
  if (typeof trustProxy === 'string') return headers.get(trustProxy) ?? undefined;
  const hops = headers.get('X-Forwarded-For')?.split(',') ?? [];
  // Each proxy appends whom it was called by, so the last entries are ours, and what a visitor made up is further left.
  // A list shorter than that was written by our own proxies alone.
  return trustProxy ? (hops.at(-trustProxy) ?? hops[0]) : undefined;
}

/** An address without port, brackets and zone, or undefined. */
function ipOf(text: string): string | undefined {
  const bare = text
    .trim()
    .replace(/^\[(.*)\](:\d+)?$/, '$1')
    .replace(/^([\d.]+):\d+$/, '$1')
    .replace(/%.*$/, '')
    // A socket for both kinds of address says it so.
    .replace(/^::ffff:(?=\d+\.)/i, '');
  return IP_V4.test(bare) || isIpV6(bare) ? bare : undefined;
}
