import type { JsonObject } from '../json.ts';
import type { Rejected } from './metadata-types.ts';

/** The fields of a campaign. All others are left out. */
export const CAMPAIGN_FIELDS = [
  'utm_source',
  'utm_medium',
  'utm_campaign',
  'utm_term',
  'utm_content',
  'referrer',
  'referring_domain',
  'gclid',
] as const;

/** The fields that users and companies have in common, under our own names. */
export interface ProfileUpdate {
  sessionToken?: string | undefined;
  /** Milliseconds since 1970. */
  modifiedTime?: number | undefined;
  ipAddress?: string | undefined;
  userAgentString?: string | undefined;
  campaign?: JsonObject | undefined;
  metadata?: JsonObject | undefined;
  /** The keys that were left out of the metadata, for the timeline. */
  rejected?: readonly Rejected[];
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

/** Who did something: the user, else the visitor, else whom the session token leads to. */
export interface Actor {
  userId?: string | undefined;
  anonymousId?: string | undefined;
  sessionToken?: string | undefined;
}

/** A valid body of `POST /v1/events`: a call of the page to its site's API. */
export interface ApiCall extends Actor {
  transactionId?: string | undefined;
  companyId?: string | undefined;
  /** When the call was made, in milliseconds since 1970. */
  time: number;
  /** When it was received, where that is known. */
  received?: number | undefined;
  /** The number of calls that it stands for, where the page recorded a sample. */
  weight: number;
  ipAddress?: string | undefined;
  userAgentString?: string | undefined;
  /** The rest as it is stored: `request`, `response` and the other fields, by their names on the wire. */
  content: JsonObject & { request: JsonObject & { headers: JsonObject } };
}

/** A valid body of `POST /v1/actions`. */
export interface Action extends Actor {
  actionName: string;
  transactionId?: string | undefined;
  companyId?: string | undefined;
  uri: string;
  /** Milliseconds since 1970. */
  time?: number | undefined;
  ipAddress?: string | undefined;
  userAgentString?: string | undefined;
  metadata?: JsonObject | undefined;
  /** The keys that were left out of the metadata, for the timeline. */
  rejected?: readonly Rejected[];
}
