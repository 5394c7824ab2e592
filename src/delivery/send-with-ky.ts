import ky from 'ky';
import { unzoned } from '../browser/unzoned.ts';
import type { Post } from './transport.ts';

/** Sends by ky, for the npm builds, whose bundles often hold it anyway. */
export const sendWithKy: Post = (url, { keepalive = false, signal = null, ...init }) =>
  ky.post(url, {
    ...init,
    // The transport ends a request itself, and interprets the answer.
    timeout: false,
    throwHttpErrors: false,
    // The dispatcher retries, in order and across pages. Two kinds of retry would only delay the receipt.
    retry: 0,
    // Firefox ignores keepalive on a Request, which is what ky passes. It must stand in the second argument.
    fetch: (request, more) => unzoned('fetch')(request, { ...more, keepalive, signal }),
  });
