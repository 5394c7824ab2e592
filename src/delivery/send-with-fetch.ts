import { unzoned } from '../browser/unzoned.ts';
import type { Post } from './transport.ts';

/** Sends by `fetch` alone, for the script tags, where every visitor loads each byte. */
export const sendWithFetch: Post = (url, init) => unzoned('fetch')(url, init);
