import { throwBadRequest } from '../http-error.ts';
import {
  cleanMetadata,
  isNestedAtMost,
  isObject,
  isStorable,
  type Json,
  type JsonObject,
  MAX_DEPTH,
  storable,
} from '../json.ts';
import { MAX_CAMPAIGN_LENGTH } from '../limits.ts';
import { CAMPAIGN_FIELDS } from '../profiles/updates.ts';

/**
 * The fields of a body. A Map has no inherited names: `fields.get('constructor')` is a field or nothing. A
 * null field counts as absent: clients written for the API send null for what they do not know.
 */
export type Fields = Map<string, unknown>;

// Ids are parts of index keys, and PostgreSQL takes at most 2704 bytes for a whole key.
export const MAX_ID_LENGTH = 512;
// A session token is often a JWT; a browser would not send a longer one as a header either.
export const MAX_TEXT_LENGTH = 16_384;

const DATE_TIME =
  /^(\d{4}-\d\d-\d\d)T(?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:[.,]\d{1,9})?)?(?:Z|[+-]\d\d:?\d\d)?$/i;

/** Reads the JSON object of a body, or of one item of a batch. */
export function parseFields(text: string): Fields {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    throwBadRequest('The body is not valid JSON.');
  }
  return isObject(body) ? toFields(body) : throwBadRequest('The body must be a JSON object.');
}

export function toFields(object: JsonObject): Fields {
  return new Map(Object.entries(object).filter(([, value]) => value !== null));
}

export function readText(
  fields: Fields,
  name: string,
  maxLength: number,
  path: string = name,
): string | undefined {
  const value = fields.get(name);
  if (value === undefined) return undefined;
  if (typeof value !== 'string' || value === '')
    return throwBadRequest(`${path} must be a non-empty string.`, path);
  if (value.length > maxLength)
    throwBadRequest(`${path} must be at most ${maxLength} characters long.`, path);
  // Refused, not repaired as in metadata: a repaired id could be another user's.
  if (!isStorable(value))
    throwBadRequest(`${path} must not hold NUL characters or unpaired surrogates.`, path);
  return value;
}

/** Reads a text, or throws an HttpError where it is absent. */
export function required(fields: Fields, name: string, maxLength: number, path: string = name): string {
  return readText(fields, name, maxLength, path) ?? throwBadRequest(`${path} is missing.`, path);
}

export function readDateTime(fields: Fields, name: string, path: string = name): number | undefined {
  const value = fields.get(name);
  if (value === undefined) return undefined;
  const time = typeof value === 'string' ? parseDateTime(value) : undefined;
  if (!time)
    throwBadRequest(`${path} must be an ISO 8601 date and time such as 2024-05-31T12:00:00.000Z.`, path);
  return time?.getTime();
}

/** Parses an ISO 8601 date-time from 1970 to 9999. One without an offset is taken as UTC. */
function parseDateTime(text: string): Date | undefined {
  const day = DATE_TIME.exec(text)?.[1];
  // `Date` turns 31 February into 3 March; a day that is not itself afterwards was none.
  if (!day || !new Date(`${day}T00:00:00Z`).toJSON()?.startsWith(day)) return undefined;
  const hasOffset = /(?:Z|[+-]\d\d:?\d\d)$/i.test(text.slice(day.length));
  const normal = text
    .toUpperCase()
    .replace(',', '.')
    .replace(/([+-]\d\d)(\d\d)$/, '$1:$2');
  const time = new Date(hasOffset ? normal : `${normal}Z`);
  return time.getTime() >= 0 && time.getUTCFullYear() <= 9999 ? time : undefined;
}

/**
 * Reads a campaign. null removes a field, which is how a newer campaign replaces an older one whole. Fields that a
 * campaign does not have are ignored, as all unknown ones of a body. A value that is too long is cut and not refused:
 * a long referrer is no reason to lose the user.
 */
export function readCampaign(fields: Fields): JsonObject | undefined {
  const value = fields.get('campaign');
  if (value === undefined) return undefined;
  if (!isObject(value)) return throwBadRequest('campaign must be an object of strings.', 'campaign');
  const known = CAMPAIGN_FIELDS.filter(name => Object.hasOwn(value, name));
  return Object.fromEntries(
    known.map((name): [string, string | null] => {
      const field = value[name] as Json;
      if (field === null) return [name, null];
      // Half of a pair at the cut is replaced, too.
      if (typeof field === 'string') return [name, storable(field.slice(0, MAX_CAMPAIGN_LENGTH))];
      const path = `campaign.${name}`;
      return throwBadRequest(`${path} must be a string, or null to remove it.`, path);
    }),
  );
}

export function readMetadata(fields: Fields): JsonObject | undefined {
  const value = fields.get('metadata');
  if (value === undefined) return undefined;
  if (!isObject(value)) return throwBadRequest('metadata must be a JSON object.', 'metadata');
  if (!isNestedAtMost(MAX_DEPTH, value)) {
    throwBadRequest(`metadata must be nested at most ${MAX_DEPTH} levels deep.`, 'metadata');
  }
  return cleanMetadata(value);
}
