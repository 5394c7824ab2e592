import { isObject, type Json, type JsonObject } from './json.ts';

/** A campaign as stored: only fields that have a value. */
export type Campaign = Record<string, string>;

/** A campaign as posted: null takes the field away, which is how a newer campaign replaces an older one whole. */
export type CampaignUpdate = Record<string, string | null>;

/**
 * The Users API's merge: objects merge at every depth, everything else (arrays and null too) is replaced.
 * Neither argument is changed.
 */
export function mergeMetadata(stored: JsonObject, update: JsonObject): JsonObject {
  // A Map, because assigning to `merged['__proto__']` would set a prototype instead of a key.
  const merged = new Map<string, Json>(Object.entries(stored));
  for (const [key, value] of Object.entries(update)) {
    const before = merged.get(key);
    merged.set(key, isObject(before) && isObject(value) ? mergeMetadata(before, value) : value);
  }
  return Object.fromEntries(merged);
}

/** The stored campaign with the posted fields set, and those posted as null removed. */
export function mergeCampaign(stored: Campaign, update: CampaignUpdate): Campaign {
  const merged = new Map(Object.entries(stored));
  for (const [key, value] of Object.entries(update)) {
    if (value === null) merged.delete(key);
    else merged.set(key, value);
  }
  return Object.fromEntries(merged);
}
