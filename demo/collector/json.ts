import { throwBadRequest } from './http-error.ts';

/** A value that `JSON.parse` returns. */
export type Json = string | number | boolean | null | Json[] | JsonObject;
export interface JsonObject {
  [key: string]: Json;
}

/** The maximum depth of metadata. Past it, neither a person nor a recursive merge has any use for it. */
export const MAX_DEPTH = 64;

// NUL and unpaired surrogates are valid in JSON, but PostgreSQL's jsonb and text refuse them.
const UNSTORABLE = /[\0\p{Surrogate}]/u;
const UNSTORABLE_ALL = new RegExp(UNSTORABLE, 'gu');

/** Checks whether a value is a JSON object; arrays and null are not. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Checks whether PostgreSQL can hold the text as it is. */
export function isStorable(text: string): boolean {
  return !UNSTORABLE.test(text);
}

/** Replaces every character that PostgreSQL refuses by U+FFFD, the replacement character. */
export function storable(text: string): string {
  return text.replace(UNSTORABLE_ALL, '\uFFFD');
}

/** Checks whether objects and arrays are nested at most `limit` deep. */
export function isNestedAtMost(limit: number, value: Json): boolean {
  // Level by level, not by recursion: the value may be too deep to recurse into.
  let level: Json[] = [value];
  for (let depth = 0; ; depth++) {
    const nested = level.filter(item => typeof item === 'object' && item !== null);
    if (nested.length === 0) return true;
    if (depth === limit) return false;
    level = nested.flatMap(item => Object.values(item) as Json[]);
  }
}

/**
 * Prepares any JSON for storing: texts and keys become storable, and a number past JSON's largest becomes null. Keys
 * keep their dots.
 */
export function storableJson(value: Json): Json {
  if (typeof value === 'string') return storable(value);
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  if (Array.isArray(value)) return value.map(storableJson);
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [storable(key), storableJson(part)]));
}

/**
 * Prepares metadata for storing: dots in keys become underscores (Moesif's rule, at any depth), and texts
 * become storable. Of two keys that become one, the key that was spelled so from the start wins.
 */
export function cleanMetadata(metadata: JsonObject): JsonObject {
  const names = Object.keys(metadata);
  const renamed = names.filter(name => cleanKey(name) !== name).sort();
  const ordered =
    renamed.length === 0 ? names : [...renamed, ...names.filter(name => cleanKey(name) === name)];
  // `fromEntries` defines properties, so that a key named `__proto__` stays data.
  return Object.fromEntries(ordered.map(name => [cleanKey(name), clean(metadata[name] as Json)]));
}

function cleanKey(key: string): string {
  return storable(key).replaceAll('.', '_');
}

function clean(value: Json): Json {
  if (typeof value === 'string') return storable(value);
  // JSON has no largest number, and `JSON.parse` makes Infinity of 1e999, which JSON can't hold.
  if (typeof value === 'number' && !Number.isFinite(value)) {
    return throwBadRequest('metadata must not hold a number past 1.8e308.', 'metadata');
  }
  if (Array.isArray(value)) return value.map(clean);
  return isObject(value) ? cleanMetadata(value) : value;
}
