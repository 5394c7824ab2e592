import type { JsonObject } from '../json.ts';

/** The fields that users and companies have in common, under our own names. */
export interface ProfileUpdate {
  sessionToken?: string | undefined;
  /** Milliseconds since 1970. */
  modifiedTime?: number | undefined;
  ipAddress?: string | undefined;
  userAgentString?: string | undefined;
  campaign?: JsonObject | undefined;
  metadata?: JsonObject | undefined;
}

/** A valid body of `POST /v1/users`. At least one of the two ids is there. */
export interface UserUpdate extends ProfileUpdate {
  userId?: string | undefined;
  anonymousId?: string | undefined;
  companyId?: string | undefined;
}

/** A valid body of `POST /v1/companies`. */
export interface CompanyUpdate extends ProfileUpdate {
  companyId: string;
  companyDomain?: string | undefined;
}

/** A valid body of `POST /v1/actions`. */
export interface Action {
  actionName: string;
  transactionId?: string | undefined;
  userId?: string | undefined;
  anonymousId?: string | undefined;
  companyId?: string | undefined;
  sessionToken?: string | undefined;
  uri: string;
  /** Milliseconds since 1970. */
  time?: number | undefined;
  ipAddress?: string | undefined;
  userAgentString?: string | undefined;
  metadata?: JsonObject | undefined;
}
