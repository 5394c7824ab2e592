/** The origin of a visit, as far as known, under the names the Users API gives the fields. */
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

/** A row of the decision table: the rule by which a visit was attributed. */
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
  /** Time of the arrival in milliseconds since 1970. */
  at: number;
  /** The row of the decision table that made it. `adopted`: moesif-browser-js had stored it. */
  rule: Rule | 'adopted';
  /** Click ids besides gclid, and `utm_id`. Kept only with the option `includeAttribution` or `clickIds`. */
  clickIds?: Record<string, string>;
  /** Path of the landing page. Kept as the click ids are. */
  path?: string | undefined;
}

/** The visitor's touches that are not too old. */
export interface Touches {
  /** The first touch. */
  first?: Touch | undefined;
  /** The latest one. Absent while it is the first. */
  last?: Touch | undefined;
  /** Number of touches so far. */
  count: number;
  /** Those that are kept, oldest first: with the option `touches` of `utmost/full`. */
  touches?: Touch[];
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

/** Further data of a user, given when identifying them. */
export interface IdentifyOptions {
  /** The company (account) the user belongs to. Remembered and sent with this user's later updates. */
  companyId?: string | undefined;
  /** A session token or API key of the user. The server only ever adds tokens. Never kept outside the outbox. */
  sessionToken?: string | undefined;
}

/** A user as `setUser` takes one: id and options, and the metadata under all other keys. */
export interface User extends UserMetadata, IdentifyOptions {
  /** The user's permanent id in your own database. */
  id: string | number | bigint;
}

/** The visitor at this browser, as far as known. */
export interface Identity {
  /** A random id of the browser's visitor: UUID v4, unless imported from moesif-browser-js. */
  anonymousId: string;
  userId?: string | undefined;
  /** The user's company. */
  companyId?: string | undefined;
}

/** Reasons of a receipt `queued`: why an update waits in the outbox. */
export type QueuedReason =
  /** No answer: offline, blocked, refused by CORS, or the connection broke off. */
  | 'network'
  /** No answer within the option `timeout`. */
  | 'timeout'
  /** A status that a later attempt may change, such as 503. It stands in `httpStatus`. */
  | 'http'
  /** 429: the server wants fewer requests. */
  | 'rate-limited'
  /** The endpoint redirects, which is not followed. Something before the API answers in its place. */
  | 'redirected'
  /** A document, or a refusal that is not the API's own. Something before the API answers in its place. */
  | 'not-the-api'
  /** Not sent now: an earlier answer asked to wait. */
  | 'paused'
  /** Waits for other actions (`utmost/full`). */
  | 'batching'
  /** Kept in this page's memory alone: the browser refuses every kind of storage. */
  | 'storage-blocked'
  /** Waits in this page's memory until the visitor has chosen. */
  | 'consent-pending'
  /** Waits in this page's memory for `init`, or for a script that has not come. */
  | 'not-started';

/** Reasons of a receipt `dropped`: why an update is neither sent nor kept. */
export type DroppedReason =
  | 'invalid-user-id'
  | 'invalid-company-id'
  | 'invalid-action-name'
  | 'invalid-metadata'
  /** Over 1 MB. */
  | 'too-large'
  /** A final refusal by the server. Its status stands in `httpStatus`. */
  | 'http'
  | 'consent-denied'
  /** Waited in the outbox for 30 days. */
  | 'expired'
  /** Too much waits in the outbox. */
  | 'outbox-full'
  /** On a server, or in a worker. */
  | 'no-page';

/** Reasons of a receipt `unchanged`, which may have none. */
export type UnchangedReason =
  | 'invalid-company-id'
  /** `setUser` was told that nobody is logged in, or that the session is still loading. */
  | 'no-user';

/**
 * The result of a call.
 *
 * - `delivered`: the server answered 2xx.
 * - `queued`: safe in the outbox, not confirmed yet. It is tried again, also on the next page.
 * - `unchanged`: the server confirmed exactly this within the last 24 hours, and no other update followed. With the
 *   reason `no-user`, there was nobody to tell of.
 * - `dropped`: not sent and not kept.
 *
 * `reason` is a code, `message` a sentence for people. A user whose company id is invalid is delivered without it,
 * with the reason `invalid-company-id`.
 */
export type Receipt =
  | {
      status: 'delivered';
      /** Status of the server's answer. */
      httpStatus: number;
      reason?: 'invalid-company-id';
      message?: string;
    }
  | { status: 'unchanged'; httpStatus?: undefined; reason?: UnchangedReason; message?: string }
  | { status: 'queued'; reason: QueuedReason; message: string; httpStatus?: number }
  | { status: 'dropped'; reason: DroppedReason; message: string; httpStatus?: number };

export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };
export type JsonObject = { [key: string]: Json };

/** One update on its way. It stays in the outbox, under its own id, until a 2xx has confirmed it. */
export interface Entry {
  /** An id that sorts by the time of the call. */
  id: string;
  /** The kind of its subject, as the API's path names it. Default: a user. */
  kind?: 'companies' | 'actions' | undefined;
  /** The profile it belongs to. Entries of one profile are sent in order, one at a time. */
  profile: string;
  /** The request body in the Users API's shape. */
  body: JsonObject;
  /** Time of the call in milliseconds since 1970. */
  at: number;
  /** Time of the touch whose campaign the body carries. It is confirmed together with the entry. */
  touch?: number | undefined;
  /** The page that owns it, and since when. No other page takes it while that page lives. */
  owner?: string | undefined;
  ownedSince?: number | undefined;
}

/** An update as the site's `onDelivery` gets it: its id, the body as it is sent, and the time of the call. */
export type DeliveryEntry = Pick<Entry, 'id' | 'body' | 'at'>;
