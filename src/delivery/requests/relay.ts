import { toText } from '../../shared/json.ts';
import type { Json } from '../../shared/types.ts';
import type { WireRequest } from '../transport.ts';

/**
 * Words an update as a request to the site's own relay: as plain text and without headers of its own it needs no
 * preflight, and a beacon can carry it. `relay` is an absolute URL.
 *
 * An action has a time of this device's clock. By what that clock shows `now` the relay, whose own is right, corrects it.
 */
export function relayRequest(relay: string, body: Json, path: string, now?: number): WireRequest {
  return {
    url: `${relay}/v1/${path}${path.startsWith('actions') ? `?sent_at=${now}` : ''}`,
    headers: { 'Content-Type': 'text/plain;charset=UTF-8' },
    body: toText(body),
    isSimple: true,
  };
}
