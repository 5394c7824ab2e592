import { copyOf } from '../shared/json.ts';

/** Longest id of a user, company or visitor, in UTF-16 code units, as the API's databases take it. */
export const MAX_ID = 512;

/** Nothing, and what becomes of nobody's id on its way into a text. */
const NOBODY = /^(|undefined|null|NaN|None|true|false|-?Infinity|\[object .*)$/;

/**
 * An id as it is sent: a text without blanks around it, a whole number or BigInt as its decimal string. Undefined for
 * what can be nobody's id: blanks, a number that is not safe (JavaScript rounds it), `undefined` or `[object Object]` as
 * text, and what is longer than `longest`. What no database takes is replaced, so that the id is the same wherever it is
 * kept. It cannot know a placeholder that looks like an id.
 */
export function normalizeId(value: unknown, longest = MAX_ID): string | undefined {
  const isId = typeof value === 'string' || typeof value === 'bigint' || Number.isSafeInteger(value);
  const id = isId ? copyOf<string>(`${value}`.trim()) : '';
  return id.length > longest || NOBODY.test(id) ? undefined : id;
}
