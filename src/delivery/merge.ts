import { byteLength, MAX_BYTES } from '../shared/byte-length.ts';
import { isObject } from '../shared/json.ts';
import type { Entry, Json, JsonObject } from '../shared/types.ts';

/** Entries of one profile as one request: how many of them, oldest first, and what is sent where. None: not now. */
export interface Batch {
  count: number;
  body: Json;
  /** The end of the API's path. Default `users`. */
  path?: string | undefined;
}

export type ToBatch = (entries: readonly Entry[]) => Batch;

/**
 * The server's own recursive merge: objects merge, scalars, arrays and null replace. Neither input is changed.
 *
 * `onConflict` is called where an object replaces something else. There two updates are not one: what the first took away
 * from the stored profile, the second alone would leave in it.
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
 * How many entries of one profile, oldest first, fit into one request, and their merged body. A session token is an
 * alias that the server collects: two different ones never merge, for the later would replace the earlier. Nor do two
 * actions: each has happened.
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

/** All entries of one profile, oldest first, in as few requests as say the same. */
function toBatchesOfProfile(entries: readonly Entry[], toBatch: ToBatch): Batch[] {
  const packed = toBatch(entries);
  return packed.count ? [packed, ...toBatchesOfProfile(entries.slice(packed.count), toBatch)] : [];
}

/** The same of entries of several profiles, one profile after another. */
export const toBatches = (entries: readonly Entry[], toBatch: ToBatch): Batch[] =>
  [...new Set(entries.map(({ profile }) => profile))].flatMap(one =>
    toBatchesOfProfile(
      entries.filter(({ profile }) => profile === one),
      toBatch,
    ),
  );

/** Whether two updates come to the same in either order: after one, the other said again changes nothing. */
export function commutes(one: JsonObject, other: JsonObject): boolean {
  const both = merge(other, one);
  return JSON.stringify(merge(both, other)) === JSON.stringify(both);
}
