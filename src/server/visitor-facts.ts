import { clientIp } from './client-ip.ts';
import type { HeaderReader } from './forwarded.ts';

/**
 * A request, as far as it tells of its visitor: a web-standard one, Node's, or the headers alone, such as
 * `{ headers: await headers() }` in Next.js.
 */
export interface VisitorRequest {
  headers: HeaderReader | Record<string, string | string[] | undefined>;
  /** The connection, which Node's requests have. */
  socket?: { remoteAddress?: string | undefined } | null | undefined;
}

/** Makes one kind of headers of both. */
export function toHeaderReader(request: VisitorRequest | null | undefined): HeaderReader {
  const headers = Object(request?.headers);
  if (typeof headers.get === 'function') return headers;
  return {
    get(name) {
      const value = headers[name.toLowerCase()];
      return value === undefined || value === null ? null : `${value}`;
    },
  };
}

/** Reads the visitor's address and browser from a request. */
export const factsOf = (
  headers: HeaderReader,
  trustProxy: number | string,
  address: string | undefined,
): { ip_address: string | undefined; user_agent_string: string | undefined } => ({
  ip_address: clientIp(headers, trustProxy, typeof address === 'string' ? address : undefined),
  user_agent_string: headers.get('User-Agent') || undefined,
});
