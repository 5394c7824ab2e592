import { unzoned } from '../browser/unzoned.ts';
import type { Post } from './transport.ts';

/** Sends by `fetch` alone: for the script tags, where each byte is a visitor's. */
export const sendWithFetch: Post = (url, init) => unzoned('fetch')(url, init);
