import { isObject } from '../metadata.ts';
import type { Entry, Json, JsonObject } from '../types.ts';
import { byteLength, MAX_BYTES } from './size.ts';

/**
 * The server's own recursive merge: objects merge, scalars, arrays and null replace. Neither input is changed.
 *
 * `clash` is called where an object replaces something else. There two updates are not one: what the first took away
 * from the stored profile, the second alone would leave in it.
 */
export function merge(older: JsonObject, newer: JsonObject, clash = () => {}): JsonObject {
  const pairs = Object.entries(newer).map(([key, value]): [string, Json] => {
    const under = older[key];
    if (!isObject(value) || under === undefined) return [key, value];
    if (isObject(under)) return [key, merge(under, value, clash)];
    clash();
    return [key, value];
  });
  return { ...older, ...Object.fromEntries(pairs) };
}

/**
 * How many entries of one profile, oldest first, fit into one request, and their merged body. A session token is an
 * alias that the server collects: two different ones never merge, for the later would replace the earlier.
 */
export function mergeWaiting(entries: readonly Entry[]): { count: number; body: JsonObject } {
  let count = 0;
  let body: JsonObject = {};
  for (const entry of entries) {
    let isLossy = false;
    const merged = merge(body, entry.body, () => {
      isLossy = true;
    });
    if (body.session_token && body.session_token !== merged.session_token) isLossy = true;
    if (count && (isLossy || byteLength(JSON.stringify(merged)) > MAX_BYTES)) break;
    body = merged;
    count++;
  }
  return { count, body };
}

/** The entries of one profile, oldest first, in as few request bodies as say the same. */
export function mergeAll(entries: readonly Entry[]): JsonObject[] {
  const { count, body } = mergeWaiting(entries);
  return count ? [body, ...mergeAll(entries.slice(count))] : [];
}

/** Whether two updates come to the same in either order: where they name the same key, they say the same of it. */
export function agree(one: JsonObject, other: JsonObject): boolean {
  return Object.entries(one).every(([key, value]) => {
    const counterpart = other[key];
    if (counterpart === undefined) return true;
    if (isObject(value) && isObject(counterpart)) return agree(value, counterpart);
    return JSON.stringify(value) === JSON.stringify(counterpart);
  });
}
