import type { JsonObject } from './types.ts';

/** Whether a value is a JSON object: no array, and not null. */
export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && !!value && !Array.isArray(value);

/**
 * JSON that every database takes: NUL and halves of surrogate pairs become U+FFFD. The `toJSON` that other libraries give
 * to all arrays and objects does not count (Prototype.js makes a text of each array), an object's own kind does.
 * `change` makes another value of each.
 */
export const toText = (
  value: unknown,
  change: (json: unknown, key: string, own: unknown) => unknown = json => json,
): string =>
  // Of undefined there is no text.
  `${JSON.stringify(value, function (this: Record<string, unknown>, key, json) {
    const own = this[key] as { toJSON?: unknown } | undefined | null;
    const isForeign = Array.isArray(own) || own?.toJSON === ({} as { toJSON?: unknown }).toJSON;
    return change(isForeign ? own : json, key, own);
  })}`.replace(/\\(u0000|ud[89a-f]..|.)/g, (escaped, what) => (what[1] ? '\uFFFD' : escaped));

/** A copy of JSON, without what is undefined. */
export const copyOf = <T = JsonObject>(value: unknown): T => JSON.parse(toText(value));
