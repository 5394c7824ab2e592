import ky from 'ky';
import { type Outcome, outcomeOf } from './outcome.ts';
import { byteLength } from './size.ts';

/** A request, as a destination words it. */
export interface WireRequest {
  url: string;
  headers: Record<string, string>;
  body: string;
}

/** Sends one request; the outcome is data and the promise never rejects. */
export type Send = (request: WireRequest) => Promise<Outcome>;

// Browsers refuse keepalive bodies over 64 KiB in flight per page, and about 230 parallel small ones (fetch
// standard, "http-network-or-cache fetch"): stay below both and leave room for the site's own.
const KEEPALIVE_BYTES = 60 * 1024;
const KEEPALIVE_REQUESTS = 15;

/** `timeout`: milliseconds for one attempt. */
export function createTransport(timeout: number, now: () => number): Send {
  let bytes = 0;
  let requests = 0;
  return async ({ url, headers, body }) => {
    const size = byteLength(body);
    const keepalive = bytes + size <= KEEPALIVE_BYTES && requests < KEEPALIVE_REQUESTS;
    if (keepalive) {
      bytes += size;
      requests++;
    }
    try {
      const { status, headers: answered } = await ky.post(url, {
        headers,
        body,
        credentials: 'omit',
        timeout,
        throwHttpErrors: false,
        // The courier retries, in order and across pages: two kinds of retry would only delay the receipt.
        retry: 0,
        // Firefox ignores keepalive on a Request, which is what ky passes: it must stand in the second argument.
        fetch: (request, init) => fetch(request, { ...init, keepalive }),
      });
      return outcomeOf(status, answered.get('Retry-After'), now());
    } catch (error) {
      return { status: 'queued', reason: (error as Error).name, after: 0 };
    } finally {
      if (keepalive) {
        bytes -= size;
        requests--;
      }
    }
  };
}
