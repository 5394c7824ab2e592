import { tryOrUndefined } from '../shared/try-or-undefined.ts';
import { type HeaderReader, trustedHops } from './forwarded.ts';

const OCTET = '(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)';
const IP_V4 = new RegExp(`^${OCTET}(?:\\.${OCTET}){3}$`);
const PORT = '(?::(?:\\d+|_[\\w.-]+))?$';
const BRACKETED = new RegExp(`^\\[(.*)\\]${PORT}`);
const IP_V4_WITH_PORT = new RegExp(`^([\\d.]+)${PORT}`);

/**
 * Returns the visitor's address: a proxy's, as far as `trustProxy` allows it, else the connection's. A value that is no
 * IP address is passed over. Returns undefined where the connection's is unknown, too.
 *
 * Whether there really are so many proxies cannot be known: whoever reaches the server past them chooses an address.
 */
export function clientIp(
  headers: HeaderReader,
  trustProxy: number | string,
  socket: string | undefined,
): string | undefined {
  const forwarded =
    typeof trustProxy === 'string' ? [headers.get(trustProxy)] : trustedHops(headers, trustProxy, 'for');
  for (const text of [...forwarded, socket]) {
    const address = parseIp(text ?? '');
    if (address) return address;
  }
  return undefined;
}

/** Checks whether a value can be `trustProxy`: a number of proxies, or a header's name. */
export function isTrust(value: unknown): value is number | string {
  const isCount = Number.isInteger(value) && (value as number) >= 0;
  return isCount || (typeof value === 'string' && /^[\w-]+$/.test(value) && !/^\d+$/.test(value));
}

/** What `trustProxy` may be, for the sentence that refuses another value. */
export const TRUST = 'a number of proxies, such as 1, or the name of a header, such as cf-connecting-ip';

/** Reads an address without port, brackets and zone. Returns undefined for anything else. */
function parseIp(text: string): string | undefined {
  const bare = text.trim().replace(BRACKETED, '$1').replace(IP_V4_WITH_PORT, '$1').replace(/%.*$/, '');
  if (IP_V4.test(bare)) return bare;
  // The URL standard defines IPv6; a text that could end the brackets is kept from it.
  const url = /^[\da-f:.]+$/i.test(bare) ? tryOrUndefined(() => new URL(`http://[${bare}]`)) : undefined;
  return url && (mappedIpV4(url.hostname) ?? bare);
}

/** Returns the IPv4 address within an IPv6 one, which is how a socket for both kinds reports it. */
function mappedIpV4(hostname: string): string | undefined {
  const [, ...words] = /^\[::ffff:([\da-f]+):([\da-f]+)\]$/.exec(hostname) ?? [];
  const numbers = words.map(word => Number.parseInt(word, 16));
  return numbers.flatMap(number => [number >> 8, number & 255]).join('.') || undefined;
}
