import type { WireRequest } from '../delivery/transport.ts';
import { toText } from '../json.ts';
import type { Json } from '../types.ts';

/**
 * Words an update as a request to the site's own relay: as plain text and without headers of its own it needs no
 * preflight, and a beacon can carry it. `relay` is an absolute URL.
 */
export function relayRequest(relay: string, body: Json, path: string): WireRequest {
  return {
    url: `${relay}/v1/${path}`,
    headers: { 'Content-Type': 'text/plain;charset=UTF-8' },
    body: toText(body),
    isSimple: true,
  };
}
