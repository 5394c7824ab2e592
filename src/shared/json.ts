import type { JsonObject } from './types.ts';

/** Whether a value is a JSON object: no array, and not null. */
export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && !!value && !Array.isArray(value);

/**
 * JSON that every database takes: NUL and halves of surrogate pairs become U+FFFD. The `toJSON` that other libraries give
 * to all arrays and objects does not count (Prototype.js makes a text of each array), an object's own kind does.
 *
 * A number or date that is none (NaN, Infinity, an invalid date) is left out at any depth: JSON would make null of it, and
 * null overwrites. So is undefined. `report` hears of each. Throws for what has no JSON.
 */
export function toText(value: unknown, report: (message: string) => void = () => {}): string {
  const isNone = (value: unknown, key: string) => {
    const boxed = Object(value);
    const none = (boxed instanceof Number || boxed instanceof Date) && !Number.isFinite(+boxed);
    if (none) report(`left out of the metadata: ${key}, which is no value`);
    return none;
  };
  const text = JSON.stringify(value, function (this: Record<string, unknown>, key, json) {
    const own = this[key] as { toJSON?: unknown } | undefined | null;
    const isForeign = Array.isArray(own) || own?.toJSON === ({} as { toJSON?: unknown }).toJSON;
    const value = isForeign ? own : json;
    // JSON.stringify leaves these out in silence; it throws for a BigInt and for a cycle by itself.
    if (typeof value === 'function' || typeof value === 'symbol')
      throw new TypeError(`metadata: ${key} is a ${typeof value}`);
    // What makes null of itself is none, too.
    if (isNone(value === null && own !== null ? Number.NaN : own, key)) return undefined;
    // Whatever other libraries have made of a date's toJSON.
    if (own instanceof Date) return own.toISOString();
    return Array.isArray(value) ? value.filter(item => item !== undefined && !isNone(item, key)) : value;
  });
  // Of undefined there is no text.
  return `${text}`.replace(/\\(u0000|ud[89a-f]..|.)/g, (escaped, what) => (what[1] ? '\uFFFD' : escaped));
}

/** A copy of JSON, without what is undefined. */
export const copyOf = <T = JsonObject>(value: unknown): T => JSON.parse(toText(value));
