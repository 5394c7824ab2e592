import { isObject } from '../shared/json.ts';
import type { Json, JsonObject } from '../shared/types.ts';
import { HttpError } from './http-error.ts';

/** The endpoints that take a post, by the end of the path after `/v1/`. */
export type Endpoint = 'users' | 'companies' | 'actions' | 'actions/batch';

/** A body of the schema's fields alone, each of its type. */
export interface Update {
  endpoint: Endpoint;
  body: JsonObject | JsonObject[];
}

/** Facts that the request itself reveals of the visitor. */
export interface VisitorFacts {
  ip_address?: string | undefined;
  user_agent_string?: string | undefined;
}

// Deeper metadata than this has no reader, and would exhaust the stack of whatever serializes it again.
const MAX_DEPTH = 64;
// The longest id that is likely, and the longest address or token a browser would send.
const MAX_ID_LENGTH = 512;
const MAX_TEXT_LENGTH = 16_384;

/** Returns the value as it is passed on, or throws a {@link HttpError} that names the field. */
type Check = (value: unknown, name: string) => Json;
type Fields = Record<string, Check>;

const textUpTo =
  (limit: number): Check =>
  (value, name) => {
    // An unpaired surrogate has no place in a URL or in a database.
    if (typeof value === 'string' && value && value.length <= limit && !/\p{Surrogate}/u.test(value))
      return value;
    throw new HttpError(400, `${name} must be a non-empty string of at most ${limit} characters.`);
  };
const id = textUpTo(MAX_ID_LENGTH);
const text = textUpTo(MAX_TEXT_LENGTH);

const time: Check = (value, name) => {
  if (typeof value === 'string' && /^\d{4}-\d\d-\d\dT[\d:.,+-]+Z?$/.test(value) && Date.parse(value) >= 0)
    return value;
  throw new HttpError(400, `${name} must be an ISO 8601 date and time such as 2026-05-31T12:00:00.000Z.`);
};

const textOrNull: Check = (value, name) => {
  if (value === null || typeof value === 'string') return value;
  throw new HttpError(400, `${name} must be a string, or null to remove it.`);
};

const metadata: Check = (value, name) => {
  if (!isObject(value)) throw new HttpError(400, `${name} must be a JSON object.`);
  if (!isNestedAtMost(MAX_DEPTH, value))
    throw new HttpError(400, `${name} must be nested at most ${MAX_DEPTH} levels deep.`);
  return value;
};

const object =
  (fields: Fields, ...required: string[]): Check =>
  (value, name) => {
    if (!isObject(value)) throw new HttpError(400, `${name || 'The body'} must be a JSON object.`);
    return validate(value, fields, required, name && `${name}.`);
  };

const campaign = object(
  Object.fromEntries(
    [
      'utm_source',
      'utm_medium',
      'utm_campaign',
      'utm_term',
      'utm_content',
      'referrer',
      'referring_domain',
      'gclid',
    ].map(name => [name, textOrNull]),
  ),
);
const user = object({
  user_id: id,
  anonymous_id: id,
  company_id: id,
  session_token: text,
  modified_time: time,
  campaign,
  metadata,
});
const company = object(
  { company_id: id, company_domain: id, session_token: text, modified_time: time, campaign, metadata },
  'company_id',
);
const action = object(
  {
    action_name: id,
    request: object({ time, uri: text, verb: id }, 'uri'),
    transaction_id: id,
    user_id: id,
    anonymous_id: id,
    company_id: id,
    session_token: text,
    metadata,
  },
  'action_name',
  'request',
);

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
      .map(([name, check]) => [name, check(body[name], path + name)]),
  );
}

/** Validates a body for the endpoint and adds the request's facts of the visitor; throws a {@link HttpError}. */
export function readUpdate(endpoint: Endpoint, json: unknown, visitor: VisitorFacts): Update {
  const readAction = (item: unknown, name: string) => {
    const validated = action(item, name) as JsonObject;
    return { ...validated, request: { ...(validated.request as JsonObject), ...factsOf(visitor) } };
  };
  if (endpoint === 'actions/batch') {
    if (!Array.isArray(json) || !json.length)
      throw new HttpError(400, 'The body must be a list of at least one action.');
    return { endpoint, body: json.map((item, index) => readAction(item, `[${index}]`)) };
  }
  if (endpoint === 'actions') return { endpoint, body: readAction(json, '') };
  if (endpoint === 'companies') return { endpoint, body: company(json, '') as JsonObject };
  const body = user(json, '') as JsonObject;
  if (!body.user_id && !body.anonymous_id)
    throw new HttpError(400, 'The body needs a user_id or an anonymous_id.');
  return { endpoint, body: { ...body, ...factsOf(visitor) } };
}

const factsOf = (visitor: VisitorFacts): JsonObject =>
  Object.fromEntries(Object.entries(visitor).filter(([, value]) => value));

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
