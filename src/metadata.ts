import type { JsonObject } from './types.ts';

/**
 * Metadata as the server will store it: a copy with dates as ISO 8601 strings and dots in keys as underscores.
 * Throws a TypeError (or, nested past all sense, a RangeError) for what is no JSON object.
 *
 * `renamed` receives each key that had a dot.
 */
export function toJson(metadata: unknown, renamed: (key: string) => void): JsonObject {
  const text = JSON.stringify(metadata, (key, value) => {
    // JSON.stringify leaves these out in silence; it throws for a BigInt and for a cycle by itself.
    if (typeof value === 'function' || typeof value === 'symbol')
      throw new TypeError(`metadata: ${key} is a ${typeof value}`);
    if (!isObject(value)) return value;
    const dotted = Object.keys(value).filter(name => name.includes('.'));
    dotted.forEach(renamed);
    // Only what has to change is copied: in a copy JSON.stringify would not find a cycle.
    return dotted.length
      ? Object.fromEntries(Object.entries(value).map(([name, item]) => [name.replace(/\./g, '_'), item]))
      : value;
  });
  const json = JSON.parse(text);
  if (!isObject(json)) throw new TypeError('metadata must be an object');
  return json;
}

/** Whether a value is a JSON object: no array, and not null. */
export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && !!value && !Array.isArray(value);
