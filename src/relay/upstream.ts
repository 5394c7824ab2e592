import { parseRetryAfter } from '../delivery/outcome.ts';
import type { Answer } from './answer.ts';
import type { Update } from './shape.ts';

/** Brings an update to one system; undefined where that has no place for it. Never rejects. */
export type Upstream = (update: Update, signal: AbortSignal) => Promise<Answer> | undefined;

/** A request, as an upstream words it. */
export interface UpstreamRequest {
  method: 'POST' | 'PUT';
  url: string;
  headers: Record<string, string>;
  body: string;
}

/**
 * Asks once; the answer is data. Only its status and `Retry-After` are looked at: what else an upstream says, it may
 * say of the profile or of the secret, and it is not for the page.
 */
export async function ask(
  by: string,
  { url, ...init }: UpstreamRequest,
  signal: AbortSignal,
): Promise<Answer> {
  try {
    // Not followed: a redirect would carry the secret to another address.
    const response = await fetch(url, { ...init, redirect: 'manual', signal });
    // Read to its end, so that the connection serves again; not awaited, for nobody needs what it says.
    void response.arrayBuffer().catch(() => {});
    const { status, headers } = response;
    if (status >= 400) {
      return { by, status, retryAfter: parseRetryAfter(headers.get('Retry-After'), Date.now()) };
    }
    if (status >= 200 && status < 300) return { by, status: status === 201 ? 201 : 200, retryAfter: 0 };
    return { by, status: 502, retryAfter: 0, reason: 'answered with a redirect; is its address right?' };
  } catch {
    // The error itself may name the address and the headers.
    const reason = signal.aborted ? 'did not answer in time' : 'could not be reached';
    return { by, status: 503, retryAfter: 0, reason };
  }
}
