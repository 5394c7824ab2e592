import { toText } from '../../shared/json.ts';
import type { Json } from '../../shared/types.ts';
import type { WireRequest } from '../transport.ts';

/** Paths of what has a time of its own: actions and events. */
const TIMED = /^[ae]/;

/**
 * Turns an update into a request to the site's own relay. As plain text and without headers of its own it needs no
 * preflight, and a beacon can carry it. `relay` is an absolute URL.
 *
 * The time of an action or API call is by this device's clock. `now` is what that clock shows. With it the relay, whose own clock
 * is right, corrects that time.
 */
export function relayRequest(relay: string, body: Json, path: string, now?: number): WireRequest {
  return {
    url: `${relay}/v1/${path}${TIMED.test(path) ? `?sent_at=${now}` : ''}`,
    headers: { 'Content-Type': 'text/plain;charset=UTF-8' },
    body: toText(body),
    credentials: 'same-origin',
  };
}
