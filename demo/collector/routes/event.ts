import { throwBadRequest } from '../http-error.ts';
import { isNestedAtMost, isObject, type Json, type JsonObject, MAX_DEPTH, storableJson } from '../json.ts';
import { MAX_KEPT_BODY, MAX_PARAMETERS } from '../limits.ts';
import type { ApiCall } from '../profiles/updates.ts';
import {
  type Fields,
  MAX_ID_LENGTH,
  MAX_TEXT_LENGTH,
  parseFields,
  readDateTime,
  readMetadata,
  readText,
  required,
  toFields,
} from './fields.ts';

const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;
const MAX_WEIGHT = 2 ** 31 - 1;

/** Parses a body of `POST /v1/events` as `parseUser` does. */
export function parseEvent(text: string): ApiCall {
  const fields = parseFields(text);
  const request = readPart(fields, 'request') ?? throwBadRequest('request is missing.', 'request');
  const response = readPart(fields, 'response');
  const time = readTime(request, 'request.time');
  const content = {
    request: {
      time: time.toISOString(),
      uri: readUri(request),
      verb: required(request, 'verb', MAX_ID_LENGTH, 'request.verb'),
      api_version: readText(request, 'api_version', MAX_ID_LENGTH, 'request.api_version'),
      ...readMessage(request, 'request'),
    },
    response: response && {
      time: readTime(response, 'response.time').toISOString(),
      status: readStatus(response),
      ip_address: readText(response, 'ip_address', MAX_ID_LENGTH, 'response.ip_address'),
      ...readMessage(response, 'response'),
    },
    direction: readWord(fields, 'direction', ['Incoming', 'Outgoing', 'Internal']),
    // moesif-browser-js sends an empty text for none.
    tags: fields.get('tags') === '' ? undefined : readText(fields, 'tags', MAX_TEXT_LENGTH),
    subscription_id: readText(fields, 'subscription_id', MAX_ID_LENGTH),
    action_name: readText(fields, 'action_name', MAX_TEXT_LENGTH),
    trace_id: readText(fields, 'trace_id', MAX_ID_LENGTH),
    span: readSpan(fields),
    metadata: readMetadata(fields),
  };
  return {
    transactionId: readTransactionId(fields),
    userId: readText(fields, 'user_id', MAX_ID_LENGTH),
    anonymousId: readText(fields, 'anonymous_id', MAX_ID_LENGTH),
    companyId: readText(fields, 'company_id', MAX_ID_LENGTH),
    sessionToken: readText(fields, 'session_token', MAX_TEXT_LENGTH),
    time: time.getTime(),
    weight: readInteger(fields, 'weight', 'weight', 1, MAX_WEIGHT) ?? 1,
    ipAddress: readText(request, 'ip_address', MAX_ID_LENGTH, 'request.ip_address'),
    // Absent fields are left out by JSON.
    content: content as unknown as ApiCall['content'],
  };
}

function readPart(fields: Fields, name: string): Fields | undefined {
  const value = fields.get(name);
  if (value === undefined) return undefined;
  return isObject(value) ? toFields(value) : throwBadRequest(`${name} must be an object.`, name);
}

function readTime(fields: Fields, path: string): Date {
  return new Date(readDateTime(fields, 'time', path) ?? throwBadRequest(`${path} is missing.`, path));
}

function readUri(request: Fields): string {
  const uri = required(request, 'uri', MAX_TEXT_LENGTH, 'request.uri');
  const query = /\?([^#]*)/.exec(uri)?.[1] ?? '';
  if (query.split('&').length <= MAX_PARAMETERS) return uri;
  return throwBadRequest(`request.uri must have at most ${MAX_PARAMETERS} query parameters.`, 'request.uri');
}

const readStatus = (response: Fields): number =>
  readInteger(response, 'status', 'response.status', 0, 999) ??
  throwBadRequest('response.status is missing.', 'response.status');

function readInteger(
  fields: Fields,
  name: string,
  path: string,
  least: number,
  most: number,
): number | undefined {
  const value = fields.get(name);
  if (value === undefined) return undefined;
  if (Number.isInteger(value) && (value as number) >= least && (value as number) <= most)
    return value as number;
  return throwBadRequest(`${path} must be a whole number from ${least} to ${most}.`, path);
}

function readWord(fields: Fields, name: string, words: string[], path: string = name): string | undefined {
  const value = fields.get(name);
  if (value === undefined || words.includes(value as string)) return value as string | undefined;
  return throwBadRequest(`${path} must be ${words.join(' or ')}.`, path);
}

function readTransactionId(fields: Fields): string | undefined {
  const id = readText(fields, 'transaction_id', MAX_ID_LENGTH);
  if (id === undefined || UUID.test(id)) return id;
  return throwBadRequest('transaction_id must be a UUID of 36 characters.', 'transaction_id');
}

function readSpan(fields: Fields): Json | undefined {
  const span = fields.get('span');
  if (span === undefined) return undefined;
  if (isObject(span) && isNestedAtMost(MAX_DEPTH, span)) return storableJson(span);
  return throwBadRequest(`span must be an object, nested at most ${MAX_DEPTH} levels deep.`, 'span');
}

/** Reads what request and response have in common. */
function readMessage(fields: Fields, path: string) {
  const encoding = readWord(fields, 'transfer_encoding', ['json', 'base64'], `${path}.transfer_encoding`);
  const body = fields.get('body') as Json | undefined;
  if (encoding === 'base64' && body !== undefined && typeof body !== 'string')
    throwBadRequest(`${path}.body must be base64, as ${path}.transfer_encoding says.`, `${path}.body`);
  return { headers: readHeaders(fields, `${path}.headers`), transfer_encoding: encoding, ...keptBody(body) };
}

function readHeaders(fields: Fields, path: string): JsonObject {
  const headers = fields.get('headers') ?? throwBadRequest(`${path} is missing.`, path);
  if (isObject(headers) && Object.values(headers).every(value => typeof value === 'string'))
    return storableJson(headers) as JsonObject;
  return throwBadRequest(`${path} must be an object of strings.`, path);
}

/**
 * Returns the body as it is stored, or why it is not. The rest of the call is worth having without it.
 */
function keptBody(body: Json | undefined): { body?: Json; body_omitted?: string } {
  if (body === undefined) return {};
  if (!isNestedAtMost(MAX_DEPTH, body)) return { body_omitted: `nested more than ${MAX_DEPTH} levels deep` };
  const bytes = Buffer.byteLength(JSON.stringify(body));
  if (bytes > MAX_KEPT_BODY) return { body_omitted: `larger than ${MAX_KEPT_BODY / 1024} KB` };
  return { body: storableJson(body) };
}
