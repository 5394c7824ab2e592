import { isIP } from 'node:net';
import { getConnInfo } from '@hono/node-server/conninfo';
import type { Context } from 'hono';

/**
 * Returns the visitor's address. Behind so many proxies it is the entry of `X-Forwarded-For` that the first of them has
 * added, counted from the right: what is left of it anybody may have made up. Else it is the connection's.
 */
export function visitorAddress(c: Context, proxies: number): string | undefined {
  const entries = (c.req.header('X-Forwarded-For') ?? '').split(',').map(entry => entry.trim());
  const forwarded = proxies > 0 ? entries.at(-proxies) : undefined;
  return forwarded && isIP(forwarded) ? forwarded : getConnInfo(c).remote.address;
}
