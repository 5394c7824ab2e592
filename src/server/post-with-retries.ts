import ky, { isHTTPError } from 'ky';
import { parseRetryAfter } from '../delivery/outcome.ts';
import type { Post } from '../delivery/transport.ts';

/** Further attempts, and the longest wait before one, in milliseconds. Somebody waits for the page that signs them up. */
const RETRIES = 2;
const MAX_WAIT = 2000;

/**
 * Posts by ky, which tries again where there is no answer, or one that may pass: there is no outbox here. Resolves with
 * the last answer, whatever its status.
 */
export const postWithRetries: Post = async (
  url,
  // Some runtimes refuse `credentials`. Neither means anything on a server.
  { credentials: _, keepalive: __, signal = null, ...init },
) => {
  try {
    return await ky.post(url, {
      ...init,
      signal,
      // The transport ends all attempts together.
      timeout: false,
      retry: {
        limit: RETRIES,
        methods: ['post'],
        statusCodes: [408, 429, 500, 502, 503, 504],
        jitter: true,
        // A longer wait is the caller's to decide.
        shouldRetry({ error }) {
          const header = isHTTPError(error) ? error.response.headers.get('Retry-After') : null;
          return parseRetryAfter(header, Date.now()) > MAX_WAIT ? false : undefined;
        },
      },
    });
  } catch (error) {
    if (isHTTPError(error)) return error.response;
    throw error;
  }
};
