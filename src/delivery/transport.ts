import { attempt } from '../attempt.ts';
import type { Page } from '../page.ts';
import { queued } from '../receipt.ts';
import { unzoned } from '../unzoned.ts';
import { type Outcome, outcomeOf } from './outcome.ts';
import { byteLength } from './size.ts';

/** Sends one POST: rejects where no answer comes, and when the signal ends it. No retry, no time limit of its own. */
export type Post = (url: string, init: RequestInit) => Promise<Response>;

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
export function createTransport(
  post: Post,
  timeout: number,
  { now, later }: Pick<Page, 'now' | 'later'>,
): Transport {
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
      const stop = new AbortController();
      const cancel = later(() => stop.abort(), timeout);
      try {
        const { status, headers: answered } = await post(url, {
          method: 'POST',
          headers,
          body,
          credentials: 'omit',
          keepalive: !!release,
          signal: stop.signal,
        });
        return outcomeOf(status, answered.get('Retry-After'), now());
      } catch {
        return queued(stop.signal.aborted ? 'timeout' : 'network');
      } finally {
        cancel();
        release?.();
      }
    },
    // Not by ky, which begins a microtask later: in Firefox that is too late.
    part({ url, headers, body, isSimple }) {
      if (isSimple && attempt(() => navigator.sendBeacon(url, body))) return;
      const release = reserve(byteLength(body));
      if (!release) return;
      unzoned('fetch')(url, { method: 'POST', headers, body, credentials: 'omit', keepalive: true })
        .catch(() => {})
        .finally(release);
    },
  };
}
