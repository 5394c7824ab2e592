import { byteLength, MAX_BYTES } from '../shared/byte-length.ts';
import { isObject } from '../shared/json.ts';
import type { Entry, Json, JsonObject } from '../shared/types.ts';

/** Entries of one profile as one request: how many of them, oldest first, and what is sent where. None: not now. */
export interface Packed {
  fits: number;
  body: Json;
  /** The end of the API's path. Default `users`. */
  path?: string | undefined;
}

export type Pack = (entries: readonly Entry[]) => Packed;

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
 * alias that the server collects: two different ones never merge, for the later would replace the earlier. Nor do two
 * actions: each has happened.
 */
export function mergeWaiting(entries: readonly Entry[]) {
  let fits = 0;
  let body: JsonObject = {};
  for (const entry of entries) {
    let isLossy = !!body.action_name;
    const merged = merge(body, entry.body, () => {
      isLossy = true;
    });
    if (body.session_token && body.session_token !== merged.session_token) isLossy = true;
    if (fits && (isLossy || byteLength(JSON.stringify(merged)) > MAX_BYTES)) break;
    body = merged;
    fits++;
  }
  return { fits, body, path: entries[0]?.kind };
}

/** All entries of one profile, oldest first, in as few requests as say the same. */
function packAll(entries: readonly Entry[], pack: Pack): Packed[] {
  const packed = pack(entries);
  return packed.fits ? [packed, ...packAll(entries.slice(packed.fits), pack)] : [];
}

/** The same of entries of several profiles, one profile after another. */
export const packProfiles = (entries: readonly Entry[], pack: Pack): Packed[] =>
  [...new Set(entries.map(({ profile }) => profile))].flatMap(one =>
    packAll(
      entries.filter(({ profile }) => profile === one),
      pack,
    ),
  );

/** Whether two updates come to the same in either order: after one, the other said again changes nothing. */
export function agree(one: JsonObject, other: JsonObject): boolean {
  const both = merge(other, one);
  return JSON.stringify(merge(both, other)) === JSON.stringify(both);
}
