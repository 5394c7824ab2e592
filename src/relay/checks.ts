import { isObject } from '../shared/json.ts';
import type { Json, JsonObject } from '../shared/types.ts';
import { HttpError } from './http-error.ts';

// Deeper metadata than this has no reader, and would exhaust the stack of whatever serializes it again.
const MAX_DEPTH = 64;
// The longest id that is likely, and the longest address or token a browser would send.
const MAX_ID_LENGTH = 512;
const MAX_TEXT_LENGTH = 16_384;

/**
 * Returns the value as it is passed on, or undefined to leave the field out. Throws a {@link HttpError} that names the
 * field.
 */
export type Check = (value: unknown, name: string) => Json | undefined;
type Fields = Record<string, Check>;

const textUpTo =
  (limit: number): Check =>
  (value, name) => {
    // An unpaired surrogate has no place in a URL or in a database.
    if (typeof value === 'string' && value && value.length <= limit && !/\p{Surrogate}/u.test(value))
      return value;
    throw new HttpError(400, `${name} must be a non-empty string of at most ${limit} characters.`);
  };
export const id = textUpTo(MAX_ID_LENGTH);
export const text = textUpTo(MAX_TEXT_LENGTH);

export const time: Check = (value, name) => {
  if (typeof value === 'string' && /^\d{4}-\d\d-\d\dT[\d:.,+-]+Z?$/.test(value) && Date.parse(value) >= 0)
    return value;
  throw new HttpError(400, `${name} must be an ISO 8601 date and time such as 2026-05-31T12:00:00.000Z.`);
};

export const textOrNull: Check = (value, name) => {
  if (value === null || typeof value === 'string') return value;
  throw new HttpError(400, `${name} must be a string, or null to remove it.`);
};

export const metadata: Check = (value, name) => {
  if (!isObject(value)) throw new HttpError(400, `${name} must be a JSON object.`);
  if (!isNestedAtMost(MAX_DEPTH, value))
    throw new HttpError(400, `${name} must be nested at most ${MAX_DEPTH} levels deep.`);
  return value;
};

/** Takes any JSON. What is too deep is left out and not refused: the rest of an event is worth having. */
export const json: Check = value => (isNestedAtMost(MAX_DEPTH, value as Json) ? (value as Json) : undefined);

/** Takes one of the words. */
export const oneOf =
  (...words: string[]): Check =>
  (value, name) => {
    if (words.includes(value as string)) return value as string;
    throw new HttpError(400, `${name} must be ${words.join(' or ')}.`);
  };

/** Takes a whole number from `least` up. */
export const integerFrom =
  (least: number): Check =>
  (value, name) => {
    if (Number.isSafeInteger(value) && (value as number) >= least) return value as number;
    throw new HttpError(400, `${name} must be a whole number from ${least} up.`);
  };

export const object =
  (fields: Fields, ...required: string[]): Check =>
  (value, name) => {
    if (!isObject(value)) throw new HttpError(400, `${name || 'The body'} must be a JSON object.`);
    return validate(value, fields, required, name && `${name}.`);
  };

/**
 * Validates the schema's fields and copies them. Others are left out and not refused: a newer script with an older
 * relay must not lose a user. The visitor's address and browser are left out, too: the request has the right ones.
 */
function validate(body: JsonObject, fields: Fields, required: string[], path: string): JsonObject {
  for (const name of required)
    if (!Object.hasOwn(body, name)) throw new HttpError(400, `${path}${name} is missing; add it.`);
  return Object.fromEntries(
    Object.entries(fields)
      .filter(([name]) => Object.hasOwn(body, name))
      .map(([name, check]): [string, Json | undefined] => [name, check(body[name], path + name)])
      .filter((entry): entry is [string, Json] => entry[1] !== undefined),
  );
}

/** Checks the depth level by level, not by recursion. The value may be too deep to recurse into. */
function isNestedAtMost(limit: number, value: Json): boolean {
  let level: Json[] = [value];
  for (let depth = 0; ; depth++) {
    const nested = level.filter(item => typeof item === 'object' && item !== null);
    if (!nested.length) return true;
    if (depth === limit) return false;
    level = nested.flatMap(item => Object.values(item as object) as Json[]);
  }
}
