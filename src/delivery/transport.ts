import ky from 'ky';
import { attempt } from '../attempt.ts';
import { type Outcome, outcomeOf } from './outcome.ts';
import { byteLength } from './size.ts';

/** A request, as a destination words it. */
export interface WireRequest {
  url: string;
  headers: Record<string, string>;
  body: string;
  /** Needs no preflight and no headers of its own, so that a beacon can carry it. */
  isSimple?: boolean;
}

export interface Transport {
  /** Sends one request; the outcome is data and the promise never rejects. */
  send(request: WireRequest): Promise<Outcome>;
  /** Sends one request at once, from a page that may be gone in an instant; one that could not outlive it, not at all. */
  part(request: WireRequest): void;
}

// Browsers refuse keepalive bodies over 64 KiB in flight per page, and about 230 parallel small ones (fetch
// standard, "http-network-or-cache fetch"): stay below both and leave room for the site's own.
const KEEPALIVE_BYTES = 60 * 1024;
const KEEPALIVE_REQUESTS = 15;

/** `timeout`: milliseconds for one attempt. */
export function createTransport(timeout: number, now: () => number): Transport {
  let bytes = 0;
  let requests = 0;
  /** Takes a share of what may outlive the page. Returns how to give it back; undefined where there is no room. */
  const reserve = (size: number) => {
    if (bytes + size > KEEPALIVE_BYTES || requests >= KEEPALIVE_REQUESTS) return;
    bytes += size;
    requests++;
    return () => {
      bytes -= size;
      requests--;
    };
  };
  return {
    async send({ url, headers, body }) {
      const release = reserve(byteLength(body));
      const keepalive = !!release;
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
        release?.();
      }
    },
    // Not by ky, which begins a microtask later: in Firefox that is too late.
    part({ url, headers, body, isSimple }) {
      if (isSimple && attempt(() => navigator.sendBeacon(url, body))) return;
      const release = reserve(byteLength(body));
      if (!release) return;
      fetch(url, { method: 'POST', headers, body, credentials: 'omit', keepalive: true })
        .catch(() => {})
        .finally(release);
    },
  };
}
