import {
  cleanMetadata,
  isNestedAtMost,
  isObject,
  isStorable,
  type JsonObject,
  MAX_DEPTH,
  storable,
} from './json.ts';
import type { CampaignUpdate } from './merge.ts';

/** A valid body of `POST /v1/users`, under our own names. At least one of the two ids is there. */
export interface UserUpdate {
  userId?: string | undefined;
  anonymousId?: string | undefined;
  companyId?: string | undefined;
  sessionToken?: string | undefined;
  modifiedTime?: Date | undefined;
  ipAddress?: string | undefined;
  userAgentString?: string | undefined;
  campaign?: CampaignUpdate | undefined;
  metadata?: JsonObject | undefined;
}

/** A body that is refused; the message is a sentence that names the field. */
export class BadBody extends Error {}

// Ids are parts of index keys, and PostgreSQL takes at most 2704 bytes for a whole key.
const MAX_ID_LENGTH = 512;
// A session token is often a JWT; a browser would not send a longer one as a header either.
const MAX_TEXT_LENGTH = 16_384;

const DATE_TIME =
  /^(\d{4}-\d\d-\d\d)T(?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:[.,]\d{1,9})?)?(?:Z|[+-]\d\d:?\d\d)?$/i;

/** Reads a body, or throws {@link BadBody}. Fields that the API does not know are ignored. */
export function parseUserBody(text: string): UserUpdate {
  const body = parseObject(text);
  const update: UserUpdate = {
    userId: readText(body, 'user_id', MAX_ID_LENGTH),
    anonymousId: readText(body, 'anonymous_id', MAX_ID_LENGTH),
    companyId: readText(body, 'company_id', MAX_ID_LENGTH),
    sessionToken: readText(body, 'session_token', MAX_TEXT_LENGTH),
    modifiedTime: readDateTime(body, 'modified_time'),
    ipAddress: readText(body, 'ip_address', MAX_ID_LENGTH),
    userAgentString: readText(body, 'user_agent_string', MAX_TEXT_LENGTH),
    campaign: readCampaign(body),
    metadata: readMetadata(body),
  };
  if (update.userId === undefined && update.anonymousId === undefined) {
    throw new BadBody('The body needs a user_id or an anonymous_id.');
  }
  return update;
}

function parseObject(text: string): Map<string, unknown> {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    throw new BadBody('The body is not valid JSON.');
  }
  if (!isObject(body)) throw new BadBody('The body must be a JSON object.');
  // A Map has no inherited names: `body.get('constructor')` is a field or nothing.
  return new Map(Object.entries(body));
}

function readText(body: Map<string, unknown>, field: string, maxLength: number): string | undefined {
  const value = body.get(field);
  if (value === undefined) return undefined;
  if (typeof value !== 'string' || value === '') throw new BadBody(`${field} must be a non-empty string.`);
  if (value.length > maxLength) throw new BadBody(`${field} must be at most ${maxLength} characters long.`);
  // Refused, not repaired as in metadata: a repaired id could be another user's.
  if (!isStorable(value)) throw new BadBody(`${field} must not hold NUL characters or unpaired surrogates.`);
  return value;
}

function readDateTime(body: Map<string, unknown>, field: string): Date | undefined {
  const value = body.get(field);
  if (value === undefined) return undefined;
  const time = typeof value === 'string' ? parseDateTime(value) : undefined;
  if (!time)
    throw new BadBody(`${field} must be an ISO 8601 date and time such as 2024-05-31T12:00:00.000Z.`);
  return time;
}

/** An ISO 8601 date-time from 1970 to 9999; one without an offset is taken as UTC. */
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

function readCampaign(body: Map<string, unknown>): CampaignUpdate | undefined {
  const value = body.get('campaign');
  if (value === undefined) return undefined;
  if (!isObject(value)) throw new BadBody('campaign must be an object of strings.');
  return Object.fromEntries(
    Object.entries(value).map(([key, field]): [string, string | null] => {
      const name = storable(key);
      if (field === null) return [name, null];
      if (typeof field === 'string') return [name, storable(field)];
      throw new BadBody(`campaign.${name.slice(0, 64)} must be a string, or null to remove it.`);
    }),
  );
}

function readMetadata(body: Map<string, unknown>): JsonObject | undefined {
  const value = body.get('metadata');
  if (value === undefined) return undefined;
  if (!isObject(value)) throw new BadBody('metadata must be a JSON object.');
  if (!isNestedAtMost(MAX_DEPTH, value)) {
    throw new BadBody(`metadata must be nested at most ${MAX_DEPTH} levels deep.`);
  }
  return cleanMetadata(value);
}
