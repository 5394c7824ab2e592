import { isObject } from '../shared/json.ts';
import type { JsonObject } from '../shared/types.ts';
import { type Check, id, integerFrom, json, metadata, object, oneOf, text, time } from './checks.ts';
import { HttpError } from './http-error.ts';
import type { VisitorFacts } from './visitor-facts.ts';

/** Takes an object of texts, which may be empty as a header's value may. */
const headers: Check = (value, name) => {
  if (isObject(value) && Object.values(value).every(header => typeof header === 'string')) return value;
  throw new HttpError(400, `${name} must be an object of strings.`);
};

/** Takes a text. moesif-browser-js sends an empty one for none, which is left out. */
const tags: Check = (value, name) => (value === '' ? undefined : text(value, name));

const uuid: Check = (value, name) => {
  if (typeof value === 'string' && /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i.test(value)) return value;
  throw new HttpError(400, `${name} must be a UUID.`);
};

const content = { body: json, transfer_encoding: oneOf('json', 'base64') };

const fields = object(
  {
    request: object(
      { time, uri: text, verb: id, headers, api_version: id, ...content },
      'time',
      'uri',
      'verb',
      'headers',
    ),
    response: object({ time, status: integerFrom(0), headers, ...content }, 'time', 'status', 'headers'),
    user_id: id,
    anonymous_id: id,
    company_id: id,
    subscription_id: id,
    session_token: text,
    transaction_id: uuid,
    direction: oneOf('Incoming', 'Outgoing', 'Internal'),
    weight: integerFrom(1),
    tags,
    action_name: id,
    trace_id: id,
    span: json,
    metadata,
  },
  'request',
);

/**
 * Checks a recorded API call. `null` is as if the field were not there: some clients send it for what they do not know.
 * The visitor's address is left out, as the request has the right one.
 */
export const event: Check = (value, name) => {
  if (!isObject(value)) return fields(value, name);
  const { request, response } = value;
  return fields(
    {
      ...withoutNulls(value),
      ...(isObject(request) && { request: withoutNulls(request) }),
      ...(isObject(response) && { response: withoutNulls(response) }),
    },
    name,
  );
};

const withoutNulls = (object: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(object).filter(([, field]) => field !== null));

/** Adds the visitor's address to an event's request, and the browser's name among its headers where that is missing. */
export function withVisitor(
  validated: JsonObject,
  { ip_address, user_agent_string }: VisitorFacts,
): JsonObject {
  const request = validated.request as JsonObject;
  const sent = request.headers as JsonObject;
  const isNamed = Object.keys(sent).some(name => name.toLowerCase() === 'user-agent');
  return {
    ...validated,
    request: {
      ...request,
      headers: isNamed || !user_agent_string ? sent : { ...sent, 'User-Agent': user_agent_string },
      ...(ip_address && { ip_address }),
    },
  };
}
