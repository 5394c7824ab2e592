import { throwBadRequest } from '../http-error.ts';
import { isObject, type JsonObject } from '../json.ts';
import type { Action, CompanyUpdate, ProfileUpdate, UserUpdate } from '../profiles/updates.ts';
import {
  type Fields,
  MAX_ID_LENGTH,
  MAX_TEXT_LENGTH,
  parseFields,
  readCampaign,
  readDateTime,
  readMetadata,
  readText,
  required,
  toFields,
} from './fields.ts';

/**
 * Parses a body of `POST /v1/users`, or one item of a batch. Throws an HttpError if it is not valid; unknown
 * fields are ignored.
 */
export function parseUser(text: string): UserUpdate {
  const fields = parseFields(text);
  const update: UserUpdate = {
    userId: readText(fields, 'user_id', MAX_ID_LENGTH),
    anonymousId: readText(fields, 'anonymous_id', MAX_ID_LENGTH),
    companyId: readText(fields, 'company_id', MAX_ID_LENGTH),
    ...readProfile(fields),
  };
  if (update.userId === undefined && update.anonymousId === undefined) {
    throwBadRequest('user_id is missing: the body needs a user_id or an anonymous_id.', 'user_id');
  }
  return update;
}

/** Parses a body of `POST /v1/companies` as `parseUser` does. */
export function parseCompany(text: string): CompanyUpdate {
  const fields = parseFields(text);
  return {
    companyId: required(fields, 'company_id', MAX_ID_LENGTH),
    companyDomain: readText(fields, 'company_domain', MAX_TEXT_LENGTH),
    ...readProfile(fields),
  };
}

/** Parses a body of `POST /v1/actions` as `parseUser` does. */
export function parseAction(text: string): Action {
  const fields = parseFields(text);
  const actionName = required(fields, 'action_name', MAX_TEXT_LENGTH);
  const value = fields.get('request');
  if (!isObject(value)) throwBadRequest('request must be an object with the uri.', 'request');
  const request = toFields(value as JsonObject);
  return {
    actionName,
    transactionId: readText(fields, 'transaction_id', MAX_ID_LENGTH),
    userId: readText(fields, 'user_id', MAX_ID_LENGTH),
    anonymousId: readText(fields, 'anonymous_id', MAX_ID_LENGTH),
    companyId: readText(fields, 'company_id', MAX_ID_LENGTH),
    sessionToken: readText(fields, 'session_token', MAX_TEXT_LENGTH),
    uri: required(request, 'uri', MAX_TEXT_LENGTH, 'request.uri'),
    time: readDateTime(request, 'time', 'request.time'),
    ipAddress: readText(request, 'ip_address', MAX_ID_LENGTH, 'request.ip_address'),
    userAgentString: readText(request, 'user_agent_string', MAX_TEXT_LENGTH, 'request.user_agent_string'),
    metadata: readMetadata(fields),
  };
}

function readProfile(fields: Fields): ProfileUpdate {
  return {
    sessionToken: readText(fields, 'session_token', MAX_TEXT_LENGTH),
    modifiedTime: readDateTime(fields, 'modified_time'),
    ipAddress: readText(fields, 'ip_address', MAX_ID_LENGTH),
    userAgentString: readText(fields, 'user_agent_string', MAX_TEXT_LENGTH),
    campaign: readCampaign(fields),
    metadata: readMetadata(fields),
  };
}
