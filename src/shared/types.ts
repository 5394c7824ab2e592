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

/** A row of the decision table: why a visit was attributed as it was. */
export type Rule =
  | 'revisit'
  | 'repeated'
  | 'campaign'
  | 'direct'
  | 'internal'
  | 'intermediary'
  | 'round-trip'
  | 'same-session'
  | 'referral';

/** One arrival that says where the visitor came from. */
export interface Touch {
  campaign: Campaign;
  /** When it happened, in milliseconds since 1970. */
  at: number;
  /** The row of the decision table that made it, or `adopted`: moesif-browser-js had stored it. */
  rule: Rule | 'adopted';
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
 * A user's profile data. The named fields are reserved by the Users API and shown in their own places. Any other key is
 * allowed, and a site may declare its own. Dots in keys become underscores, as on the server.
 */
export interface UserMetadata {
  email?: string | null | undefined;
  /** First and last name in one. */
  name?: string | null | undefined;
  first_name?: string | null | undefined;
  last_name?: string | null | undefined;
  phone?: string | null | undefined;
  photo_url?: string | null | undefined;
  // biome-ignore lint/suspicious/noExplicitAny: an interface or a class fits no other index signature; `Jsonable` looks at the values.
  [key: string]: any;
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

/** Why an update waits in the outbox: the reason of a receipt `queued`. */
export type QueuedReason =
  /** No answer: offline, blocked, refused by CORS, or the connection broke off. */
  | 'network'
  /** No answer within the option `timeout`. */
  | 'timeout'
  /** An answer that may be another one later, by its `httpStatus`. */
  | 'http'
  /** 429: the server wants fewer requests. */
  | 'rate-limited'
  /** The endpoint redirects, which is not followed: something before the API answers in its place. */
  | 'redirected'
  /** A document, or a refusal that is not the API's own: something before the API answers in its place. */
  | 'not-the-api'
  /** Not sent now: an earlier answer asked to wait. */
  | 'paused'
  /** Waits for other actions (`utmost/full`). */
  | 'batching'
  /** Kept by this page's memory alone: the browser refuses every kind of storage. */
  | 'storage-blocked'
  /** Waits in this page's memory until the visitor has chosen. */
  | 'consent-pending'
  /** Waits in this page's memory for `init`, or for a script that has not come. */
  | 'not-started';

/** Why an update is neither sent nor kept: the reason of a receipt `dropped`. */
export type DroppedReason =
  | 'invalid-user-id'
  | 'invalid-company-id'
  | 'invalid-action-name'
  | 'invalid-metadata'
  /** Over 1 MB. */
  | 'too-large'
  /** A refusal for good, by its `httpStatus`. */
  | 'http'
  | 'consent-denied'
  /** Waited in the outbox for 30 days. */
  | 'expired'
  /** Too much waits in the outbox. */
  | 'outbox-full'
  /** On a server, or in a worker. */
  | 'no-page';

/**
 * What became of a call.
 *
 * - `delivered`: the server answered 2xx.
 * - `queued`: safe in the outbox, not confirmed yet; it will be tried again, also on the next page.
 * - `unchanged`: the server confirmed exactly this within the last 24 hours, and nothing was said since.
 * - `dropped`: not sent and not kept.
 *
 * `reason` is a code, `message` a sentence for people. A user whose company id is invalid is delivered without it, with
 * the reason `invalid-company-id`.
 */
export type Receipt =
  | {
      status: 'delivered';
      /** Status of the server's answer. */
      httpStatus: number;
      reason?: 'invalid-company-id';
      message?: string;
    }
  | { status: 'unchanged'; httpStatus?: undefined; reason?: 'invalid-company-id'; message?: string }
  | { status: 'queued'; reason: QueuedReason; message: string; httpStatus?: number }
  | { status: 'dropped'; reason: DroppedReason; message: string; httpStatus?: number };

export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };
export type JsonObject = { [key: string]: Json };

/** One update on its way: it stays in the outbox, under its own id, until a 2xx has confirmed it. */
export interface Entry {
  /** Sorts by time of the call. */
  id: string;
  /** What it is about, as the API's path names it. Default: a user. */
  kind?: 'companies' | 'actions' | undefined;
  /** Whose update it is: entries of one profile are sent in order, one at a time. */
  profile: string;
  /** The request body in the Users API's shape. */
  body: JsonObject;
  /** Time of the call in milliseconds since 1970. */
  at: number;
  /** Time of the touch whose campaign the body carries: confirmed together with the entry. */
  touch?: number | undefined;
  /** The page that has it in hand, and since when: it is nobody else's while that page lives. */
  page?: string | undefined;
  held?: number | undefined;
}

/** What the host site is told of an update: its id, the body as it is sent, and the time of the call. */
export type DeliveryEntry = Pick<Entry, 'id' | 'body' | 'at'>;
