import { byteLength, MAX_BYTES } from '../shared/byte-length.ts';
import { isObject } from '../shared/json.ts';
import type { Entry, Json, JsonObject } from '../shared/types.ts';

/**
 * Entries of one profile as one request. `count` is how many of them, oldest first; 0 means not now. `body` and
 * `path` are what is sent, and where.
 */
export interface Batch {
  count: number;
  body: Json;
  /** The end of the API's path. Default `users`. */
  path?: string | undefined;
}

export type ToBatch = (entries: readonly Entry[]) => Batch;

/**
 * Merges as the server does, recursively: objects merge; scalars, arrays and null replace. Neither input is changed.
 *
 * `onConflict` is called where an object replaces something else. Such updates cannot become one. What the first
 * removed from the stored profile would stay there after the second alone.
 */
export function merge(older: JsonObject, newer: JsonObject, onConflict = () => {}): JsonObject {
  const pairs = Object.entries(newer).map(([key, value]): [string, Json] => {
    const under = older[key];
    if (!isObject(value) || under === undefined) return [key, value];
    if (isObject(under)) return [key, merge(under, value, onConflict)];
    onConflict();
    return [key, value];
  });
  return { ...older, ...Object.fromEntries(pairs) };
}

/**
 * Merges as many entries of one profile, oldest first, as fit into one request. Returns their number and the merged
 * body. A session token is an alias that the server collects. Two different ones never merge, for the later would
 * replace the earlier. Two actions never merge, either: each has happened.
 */
export function mergeWaiting(entries: readonly Entry[]) {
  let count = 0;
  let body: JsonObject = {};
  for (const entry of entries) {
    let isLossy = !!body.action_name;
    const merged = merge(body, entry.body, () => {
      isLossy = true;
    });
    if (body.session_token && body.session_token !== merged.session_token) isLossy = true;
    if (count && (isLossy || byteLength(JSON.stringify(merged)) > MAX_BYTES)) break;
    body = merged;
    count++;
  }
  return { count, body, path: entries[0]?.kind };
}

/** Turns all entries of one profile, oldest first, into as few requests as possible. */
function toBatchesOfProfile(entries: readonly Entry[], toBatch: ToBatch): Batch[] {
  const packed = toBatch(entries);
  return packed.count ? [packed, ...toBatchesOfProfile(entries.slice(packed.count), toBatch)] : [];
}

/** Turns the entries of several profiles into requests, one profile after another. */
export const toBatches = (entries: readonly Entry[], toBatch: ToBatch): Batch[] =>
  [...new Set(entries.map(({ profile }) => profile))].flatMap(one =>
    toBatchesOfProfile(
      entries.filter(({ profile }) => profile === one),
      toBatch,
    ),
  );

/** Checks whether two updates lead to the same in either order: after one, the other sent again changes nothing. */
export function commutes(one: JsonObject, other: JsonObject): boolean {
  const both = merge(other, one);
  return JSON.stringify(merge(both, other)) === JSON.stringify(both);
}
