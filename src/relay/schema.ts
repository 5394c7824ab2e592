import type { JsonObject } from '../shared/types.ts';
import { id, metadata, object, text, textOrNull, time } from './checks.ts';
import { event, withVisitor } from './event-schema.ts';
import { HttpError } from './http-error.ts';
import { factsOf, type VisitorFacts } from './visitor-facts.ts';

/** The endpoints that take a post, by the end of the path after `/v1/`. */
export type Endpoint = 'users' | 'companies' | 'actions' | 'actions/batch' | 'events' | 'events/batch';

/** A body of the schema's fields alone, each of its type. */
export interface Update {
  endpoint: Endpoint;
  body: JsonObject | JsonObject[];
}

/** The most events of a batch. Pages send 25 at once. */
const MAX_EVENTS = 100;

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
  if (endpoint === 'events/batch') {
    if (!Array.isArray(json) || !json.length || json.length > MAX_EVENTS)
      throw new HttpError(400, `The body must be a list of 1 to ${MAX_EVENTS} events.`);
    const read = (item: unknown, index: number) =>
      withVisitor(event(item, `[${index}]`) as JsonObject, visitor);
    return { endpoint, body: json.map(read) };
  }
  if (endpoint === 'events') return { endpoint, body: withVisitor(event(json, '') as JsonObject, visitor) };
  if (endpoint === 'actions') return { endpoint, body: readAction(json, '') };
  if (endpoint === 'companies') return { endpoint, body: company(json, '') as JsonObject };
  const body = user(json, '') as JsonObject;
  if (!body.user_id && !body.anonymous_id)
    throw new HttpError(400, 'The body needs a user_id or an anonymous_id.');
  return { endpoint, body: { ...body, ...factsOf(visitor) } };
}
