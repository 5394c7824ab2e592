import leven from 'leven';
import { FIELDS } from '../campaign/parameters.ts';

/** The parameters that are read. A touch's referrer is none. */
export const KEYS: readonly string[] = FIELDS.filter(field => !field.startsWith('ref'));

/** The largest number of edits that a misspelt key is away from the right one. */
const MAX_EDITS = 2;

/** Returns a key without what varies by habit alone: case, separators, and an ampersand that was escaped for HTML. */
const shapeOf = (name: string) =>
  name
    .toLowerCase()
    .replace(/^(\W|amp;)+/, '')
    .replace(/[^a-z\d]/g, '');

/**
 * Finds the parameter that a key was meant as, or undefined where it is spelled right or is another key.
 *
 * Any key is recognized by its shape: `utm-source`, `UTM_Source`, `amp;utm_medium`, `utmsource`. A tag is also
 * recognized by its distance: `utm_souce`, `umt_source`. Click ids are not, for they differ by one letter among
 * themselves, and their platforms spell them. Nor are keys that begin with another letter than `u`: `mtm_source` and
 * `itm_source` are those of other tools.
 */
export function intendedKey(name: string): string | undefined {
  if (KEYS.includes(name)) return undefined;
  const shape = shapeOf(name);
  const sameShape = KEYS.find(key => shapeOf(key) === shape);
  if (sameShape) return sameShape;
  if (!shape.startsWith('u')) return undefined;
  const near = KEYS.filter(key => key.startsWith('utm_'))
    .map(key => ({ key, edits: leven(shape, shapeOf(key), { maxDistance: MAX_EDITS + 1 }) }))
    .sort((a, b) => a.edits - b.edits)[0];
  // A short key is within two edits of words that mean something else.
  return near && near.edits <= Math.min(MAX_EDITS, near.key.length / 4) ? near.key : undefined;
}
