import { throwBadRequest } from '../http-error.ts';
import { isStorable } from '../json.ts';

/**
 * A place in a list: after which row it goes on. What the list is ordered by first, a time in ISO 8601 of UTC with
 * microseconds, then its keys.
 */
export type Place = readonly [first: string, ...keys: string[]];

/** SQL that writes a time as a `Place` has it. */
export const placeTime = (column: string) =>
  `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;

const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/;

/** Writes a place as a cursor, which is opaque to whoever gets it. */
export function toCursor(place: Place): string {
  return Buffer.from(JSON.stringify(place)).toString('base64url');
}

/**
 * Reads a cursor that `toCursor` wrote. Throws a 400 for any other.
 *
 * @param name Name of the parameter, for the sentence.
 * @param keys The number of keys after what the list is ordered by.
 * @param type What the list is ordered by. Default: a time.
 */
export function fromCursor(
  cursor: string,
  name: string,
  keys: number,
  type: 'timestamptz' | 'text' = 'timestamptz',
): Place {
  const place = parse(cursor);
  const isPlace =
    Array.isArray(place) &&
    place.length === keys + 1 &&
    place.every(part => typeof part === 'string' && isStorable(part)) &&
    (type === 'text' || isTime(place[0]));
  return isPlace
    ? (place as unknown as Place)
    : throwBadRequest(`${name} must be a cursor as an answer gave it.`, name);
}

function parse(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString());
  } catch {
    return undefined;
  }
}

function isTime(text: string): boolean {
  const time = TIME.test(text) ? new Date(text) : undefined;
  // Of the 31st of February `Date` makes a day of March.
  return time?.toJSON()?.slice(0, 19) === text.slice(0, 19);
}
