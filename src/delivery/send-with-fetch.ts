import { unzoned } from '../browser/unzoned.ts';
import type { Post } from './transport.ts';

/** Sends by `fetch` alone, for the script tags, where every visitor loads each byte. */
export const sendWithFetch: Post = async (url, init) => {
  // A microtask later, as ky does: cookies that this task has saved are written first, and go along to a relay.
  await 0;
  return unzoned('fetch')(url, init);
};
