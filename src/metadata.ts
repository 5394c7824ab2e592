import { isObject, toText } from './json.ts';
import type { JsonObject } from './types.ts';

/**
 * Metadata as the server will store it: a copy with dates as ISO 8601 strings and dots in keys as underscores. A number
 * or date that is none (NaN, Infinity, an invalid date) is left out at any depth: JSON would make null of it, and null
 * overwrites. So is undefined.
 *
 * Throws a TypeError (or, nested past all sense, a RangeError) for what is no JSON object. `report` hears of each key
 * that was changed or left out.
 */
export function toJson(metadata: unknown, report: (message: string) => void): JsonObject {
  const isNone = (value: unknown, key: string) => {
    const isNumeric = typeof value === 'number' || value instanceof Number || value instanceof Date;
    const none = isNumeric && !Number.isFinite(+value);
    if (none) report(`left out of the metadata: ${key}, which is no value`);
    return none;
  };
  const text = toText(metadata, (value, key, own) => {
    // JSON.stringify leaves these out in silence; it throws for a BigInt and for a cycle by itself.
    if (typeof value === 'function' || typeof value === 'symbol')
      throw new TypeError(`metadata: ${key} is a ${typeof value}`);
    // What makes null of itself is none, too.
    if (isNone(value === null && own !== null ? Number.NaN : own, key)) return undefined;
    // Whatever other libraries have made of a date's toJSON.
    if (own instanceof Date) return own.toISOString();
    if (Array.isArray(value)) return value.filter(item => item !== undefined && !isNone(item, key));
    const dotted = isObject(value) ? Object.keys(value).filter(name => name.includes('.')) : [];
    for (const name of dotted) report(`dots become underscores in the key ${name}`);
    // Only what has to change is copied: in a copy JSON.stringify would not find a cycle.
    return dotted[0]
      ? Object.fromEntries(
          Object.entries(value as object).map(([name, item]) => [name.replace(/\./g, '_'), item]),
        )
      : value;
  });
  const json = JSON.parse(text);
  if (!isObject(json)) throw new TypeError('metadata must be an object');
  return json;
}
