/** What is known of where a visit came from, under the names the Users API gives the fields. */
export interface Campaign {
  utm_source?: string;
  utm_medium?: string;
  utm_campaign?: string;
  utm_term?: string;
  utm_content?: string;
  /** The referring page without credentials, query and fragment. */
  referrer?: string;
  /** The bare host name of the referrer: no port, no credentials, `www.` kept. */
  referring_domain?: string;
  /** Google's click identifier. */
  gclid?: string;
}

/** One arrival that says where the visitor came from. */
export interface Touch {
  campaign: Campaign;
  /** When it happened, in milliseconds since 1970. */
  at: number;
  /** The row of the decision table that made it. */
  rule: string;
  /** Click ids besides gclid, and `utm_id`. Kept only with the option `includeAttribution`. */
  clickIds?: Record<string, string>;
  /** Path of the landing page. Kept only with the option `includeAttribution`. */
  path?: string | undefined;
}

/** Any value JSON can carry, and `Date`, which becomes an ISO 8601 string. */
export type MetadataValue =
  | string
  | number
  | boolean
  | null
  | undefined
  | Date
  | readonly MetadataValue[]
  | { readonly [key: string]: MetadataValue };

/**
 * A user's profile data. The named fields are reserved by the Users API and shown in their own places; any
 * other key is allowed. Dots in keys become underscores, as on the server.
 */
export interface UserMetadata {
  email?: string | null | undefined;
  /** First and last name in one. */
  name?: string | null | undefined;
  first_name?: string | null | undefined;
  last_name?: string | null | undefined;
  phone?: string | null | undefined;
  photo_url?: string | null | undefined;
  [key: string]: MetadataValue;
}

/** What else may be said of a user when identifying them. */
export interface IdentifyOptions {
  /** The company (account) the user belongs to. Remembered and sent with this user's later updates. */
  companyId?: string | undefined;
  /** A session token or API key of the user. The server only ever adds tokens. Never kept outside the outbox. */
  sessionToken?: string | undefined;
}

/** Who is at the browser, as far as is known. */
export interface Identity {
  /** A random id for the browser's visitor: UUID v4, unless taken over from moesif-browser-js. */
  anonymousId: string;
  userId?: string | undefined;
  /** The user's company. */
  companyId?: string | undefined;
  /** A fingerprint of what was last said of the user, and when the server confirmed it. */
  said?: string | undefined;
  confirmed?: number | undefined;
}

/**
 * What became of a call.
 *
 * - `delivered`: the server answered 2xx.
 * - `queued`: safe in the outbox, not confirmed yet; it will be tried again, also on the next page.
 * - `unchanged`: the server confirmed exactly this within the last 24 hours, and nothing was said since.
 * - `dropped`: not sent and not kept; `reason` says why.
 */
export interface Receipt {
  status: 'delivered' | 'queued' | 'unchanged' | 'dropped';
  /** A code, or a sentence where the caller can mend it. Absent for `delivered`. */
  reason?: string;
  /** Status of the server's answer, where there was one. */
  httpStatus?: number;
}

export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };
export type JsonObject = { [key: string]: Json };

/** One update on its way: it stays in the outbox, under its own id, until a 2xx has confirmed it. */
export interface Entry {
  /** Sorts by time of the call. */
  id: string;
  /** What it is about, as the API's path names it. Default: a user. */
  kind?: 'companies' | 'actions';
  /** Whose update it is: entries of one profile are sent in order, one at a time. */
  profile: string;
  /** The request body in the Users API's shape. */
  body: JsonObject;
  /** Time of the call in milliseconds since 1970. */
  at: number;
  /** Time of the touch whose campaign the body carries: confirmed together with the entry. */
  touch?: number | undefined;
  /** The page that has it in hand, and since when: it is nobody else's while that page lives. */
  page?: string;
  held?: number;
}

/** What the host site is told of an update: its id, the body as it is sent, and the time of the call. */
export type DeliveryEntry = Pick<Entry, 'id' | 'body' | 'at'>;
