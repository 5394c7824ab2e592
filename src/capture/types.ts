/** What `skip` is asked about: a call without its bodies. */
export interface CallSummary {
  /** The absolute address, as the page called it. */
  url: string;
  /** The method in upper case. */
  verb: string;
  /** Undefined where there was no answer, or the browser does not show it. */
  status: number | undefined;
  requestHeaders: Readonly<Record<string, string>>;
  responseHeaders: Readonly<Record<string, string>>;
}

/** What of the client is asked. Any client of utmost has it. */
export interface CaptureClient {
  getAnonymousId(): string | undefined;
  /** A client of `utmost/full` knows the session token. */
  getSession?(): string | undefined;
}

/** An event that a site has made. */
export interface ReadyEvent {
  request: { time: string; uri: string; verb: string; [field: string]: unknown };
  [field: string]: unknown;
}

/** An API call as it is sent. */
export interface CaptureEvent {
  request: {
    /** Time of the call: ISO 8601, UTC. */
    time: string;
    uri: string;
    verb: string;
    headers: Record<string, string>;
    body?: unknown;
    transfer_encoding?: 'json' | 'base64';
    api_version?: string;
    [field: string]: unknown;
  };
  /** Absent where there was no answer. */
  response?:
    | {
        time: string;
        status: number;
        headers: Record<string, string>;
        body?: unknown;
        transfer_encoding?: 'json' | 'base64';
        [field: string]: unknown;
      }
    | undefined;
  /** A UUID. The server counts an event once, however often it comes. */
  transaction_id: string;
  /** `_capture` is what the recording tells. */
  metadata?: { [name: string]: unknown };
  [field: string]: unknown;
}

/** Options of `startCapture`. */
export interface CaptureOptions {
  /**
   * Hosts, or `host/path`, whose calls are recorded besides those of your own registrable domain. Subdomains are
   * included. `*` stands for all. Default `[]`.
   */
  include?: readonly string[] | undefined;
  /**
   * Hosts, `host/path` or `/path` whose calls are never recorded. It wins over `include`. Entries add to the sign-in
   * addresses, such as `/login` and `/oauth`; `!sign-in` takes those off. Default `[]`.
   */
  exclude?: readonly string[] | undefined;
  /** Returns true for a call that is not recorded. It is asked before a body is read. Default: none. */
  skip?: ((call: CallSummary) => unknown) | undefined;
  /**
   * Changes an event before it is sent, and must return it. One that throws, or returns something else, drops the
   * event. Default: none.
   */
  maskContent?: ((event: CaptureEvent) => CaptureEvent) | undefined;
  /** Returns metadata for an event, after masking. Default: none. */
  getMetadata?: ((event: CaptureEvent) => object | undefined) | undefined;
  /** Returns tags for an event, separated by commas, after masking. Default: none. */
  getTags?: ((event: CaptureEvent) => string | undefined) | undefined;
  /** The version of the API that is called, or a function that returns it. Default: none. */
  apiVersion?: string | ((event: CaptureEvent) => string | undefined) | undefined;
  /** `redacted`: all, without secrets. `none`. Or the names of those to keep, without secrets. Default `redacted`. */
  headers?: 'redacted' | 'none' | readonly string[] | undefined;
  /** `none`, `json` (JSON, forms, text), or `all` (bytes, too). Default `json`. */
  bodies?: 'none' | 'json' | 'all' | undefined;
  /** The most of one body that is recorded, in bytes. At most 450000. Default 100000. */
  maxBodyBytes?: number | undefined;
  /**
   * Names of further keys, query parameters and headers whose values are redacted. `*` stands for any characters;
   * upper and lower case, `-` and `_` are the same. `!name` takes a name off the list. Default `[]`.
   */
  redact?: readonly string[] | undefined;
  /**
   * Records the calls of one visitor in this many, a whole number. Failed calls (status 500 and up, or no answer) are
   * always recorded. Default 1.
   */
  sample?: number | undefined;
  /** The most events a minute; of further ones only a part is recorded, with its weight. Default 60. */
  maxPerMinute?: number | undefined;
  /** Whether calls of `fetch` are recorded. Default true. */
  fetch?: boolean | undefined;
  /** Whether calls of `XMLHttpRequest` are recorded. Default true. */
  xhr?: boolean | undefined;
  /** The most events in one request. Default 25. */
  batchSize?: number | undefined;
  /** Time for which events wait for each other, in milliseconds. Default 2500. */
  batchMaxTime?: number | undefined;
  /** The longest wait for a body, in milliseconds. Default 2000. */
  bodyTimeout?: number | undefined;
}

/** The site's own functions. They have no default. */
type Own = 'skip' | 'maskContent' | 'getMetadata' | 'getTags' | 'apiVersion';

/** Options as they are when complete. What may be absent stays so. */
export type CaptureSettings = Pick<CaptureOptions, Own> & {
  [Name in Exclude<keyof CaptureOptions, Own>]-?: Exclude<CaptureOptions[Name], undefined>;
};

/** A body, or as much of it as was captured. */
export interface Body {
  bytes?: Uint8Array | undefined;
  /** Its whole size in bytes, where only that is told. */
  size?: number | undefined;
  isTruncated?: boolean | undefined;
}

/** Who makes a call, read when it starts, in the form that is sent. */
export type Caller = {
  user_id?: string | undefined;
  /** Only where nobody is signed in. */
  anonymous_id?: string | undefined;
  company_id?: string | undefined;
  session_token?: string | undefined;
};

export type CallError = 'network' | 'abort' | 'timeout';

/** One call of the page, as an edge has seen it. */
export interface Call {
  /** Who hears of it. */
  observer: Observer;
  kind: 'fetch' | 'xhr';
  caller: Caller;
  url: string;
  verb: string;
  /** Time of the call, in milliseconds since 1970. */
  at: number;
  /** Time of the answer or error. */
  endedAt?: number;
  requestHeaders: Record<string, string>;
  responseHeaders: Record<string, string>;
  requestBody?: Body | undefined;
  responseBody?: Body | undefined;
  /** 0 where the browser does not show the answer. Undefined where there was none. */
  status?: number | undefined;
  error?: CallError | undefined;
  /** How many calls it stands for. */
  weight: number;
  /** Whether the bodies may be recorded. */
  hasBodies: boolean;
}

/** What the edges tell of the page's calls. */
export interface Observer extends Pick<CaptureSettings, 'maxBodyBytes' | 'bodies' | 'bodyTimeout'> {
  /** Starts a call. Returns undefined for one that is not recorded. */
  begin(kind: Call['kind'], verb: string, url: URL, headers: Record<string, string>): Call | undefined;
  /** Decides, once the status or error is known, whether a call is kept. It runs once a call, before bodies are read. */
  isKept(call: Call): boolean;
  /** Takes a call that is over. */
  finish(call: Call): void;
  setTimer(run: () => void, milliseconds: number): () => void;
  /** What lets go of the bodies that are being read. */
  releases: Set<() => void>;
}
