import type { JsonObject } from './types.ts';

/** Checks whether a value is a JSON object: no array, and not null. */
export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && !!value && !Array.isArray(value);

/**
 * Writes JSON that every database takes: NUL and halves of surrogate pairs become U+FFFD. An object's own kind of
 * `toJSON` counts. The `toJSON` that other libraries give to all arrays and objects does not: Prototype.js makes a
 * text of each array.
 *
 * A number or date without a value (NaN, Infinity, an invalid date) is left out at any depth. JSON would make null of
 * it, and null overwrites. `report` hears of each. Undefined is left out, too. Throws for what has no JSON.
 */
export function toText(value: unknown, report: (message: string) => void = () => {}): string {
  const isNone = (value: unknown, key: string) => {
    const boxed = Object(value);
    const none = (boxed instanceof Number || boxed instanceof Date) && !Number.isFinite(+boxed);
    if (none) report(`left out of the metadata: ${key}; pass a finite number or date`);
    return none;
  };
  const text = JSON.stringify(value, function (this: Record<string, unknown>, key, json) {
    const own = this[key] as { toJSON?: unknown } | undefined | null;
    const isForeign = Array.isArray(own) || own?.toJSON === ({} as { toJSON?: unknown }).toJSON;
    const value = isForeign ? own : json;
    // JSON.stringify leaves these out in silence. It throws for a BigInt and for a cycle by itself.
    if (typeof value === 'function' || typeof value === 'symbol')
      throw new TypeError(`metadata: ${key} is a ${typeof value}; pass its value`);
    // A value that turns itself into null has no value, either.
    if (isNone(value === null && own !== null ? Number.NaN : own, key)) return undefined;
    // Other libraries may have replaced a date's toJSON.
    if (own instanceof Date) return own.toISOString();
    return Array.isArray(value) ? value.filter(item => item !== undefined && !isNone(item, key)) : value;
  });
  // JSON.stringify returns undefined for undefined.
  return `${text}`.replace(/\\(u0000|ud[89a-f]..|.)/g, (escaped, what) => (what[1] ? '\uFFFD' : escaped));
}

/** Copies JSON, without what is undefined. */
export const copyOf = <T = JsonObject>(value: unknown): T => JSON.parse(toText(value));
