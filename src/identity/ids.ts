import { copyOf } from '../shared/json.ts';

/** The longest id of a user, company or visitor, in UTF-16 code units, as the API's databases take it. */
export const MAX_ID = 512;

/** Texts that name nobody: an empty one, and what becomes of a missing id on its way into a text. */
const NOBODY = /^(|undefined|null|NaN|None|true|false|-?Infinity|\[object .*)$/;

/**
 * Brings an id into the form that is sent: a text without blanks around it, a whole number or BigInt as its decimal
 * string. Characters that no database takes are replaced, so that the id is the same wherever it is kept.
 *
 * Returns undefined for what can be nobody's id: blanks, `undefined` or `[object Object]` as text, or more than
 * `longest` characters. An unsafe number is nobody's id, either: JavaScript rounds it. A placeholder that looks like
 * an id is not recognized.
 */
export function normalizeId(value: unknown, longest = MAX_ID): string | undefined {
  const isId = typeof value === 'string' || typeof value === 'bigint' || Number.isSafeInteger(value);
  const id = isId ? copyOf<string>(`${value}`.trim()) : '';
  return id.length > longest || NOBODY.test(id) ? undefined : id;
}
