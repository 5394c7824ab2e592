import type { Decision } from '../campaign/attribution.ts';
import type { Attribution } from '../campaign/rules.ts';
import type { Consent } from '../consent/consent.ts';
import type { Settings } from '../options/options.ts';
import type { Entry, Receipt } from '../shared/types.ts';

/** One thing that is kept on this device. */
export interface Stored {
  place: 'cookie' | 'localStorage' | 'sessionStorage' | 'IndexedDB';
  name: string;
  /** When it ends, in milliseconds since 1970. Undefined where the browser does not tell. */
  until?: number | undefined;
}

/** One answer to an update, or a request that was sent before the panel came. */
export interface Answer {
  /** Milliseconds since 1970. */
  at: number;
  /** The entry's id; undefined for a request of which only the browser tells. */
  id?: string | undefined;
  /** Who or what the update is about. */
  kind: string;
  receipt?: Receipt | undefined;
  httpStatus?: number | undefined;
}

/**
 * What stands at the address that updates go to. `relay`: a relay. `reachable`: something that shows no page of
 * another origin what it is. `other`: something that is no relay. `filtered`: one path of a host that is reachable.
 * `unreachable`: no answer. `offline`: the device has no network. `unasked`: nothing was sent.
 */
export type Upstream = 'relay' | 'reachable' | 'other' | 'filtered' | 'unreachable' | 'offline' | 'unasked';

/** What the network told when the panel asked. */
export interface Network {
  upstream: Upstream;
  /** How far this device's clock is ahead of the server's, in milliseconds. Undefined where no server tells. */
  clockAhead?: number | undefined;
  /** The latest version that is published. Undefined where nobody was asked, or nobody answered. */
  latest?: string | undefined;
}

/** A load that the page's policy refused. */
export interface Refusal {
  directive: string;
  host: string;
}

/** How this page is shown: by itself, or in a frame of the same site or of another. */
export type Embedding = 'top' | 'same-site' | 'cross-site';

/** The settings that the panel reads: the core's, and those of `utmost/full` where it serves. */
export type PanelSettings = Settings & {
  persistence?: 'cookie' | 'localStorage' | 'none';
  persistenceKeyPrefix?: string;
  cookieExpiration?: number;
};

/** All that the panel knows. Reports and checks are functions of it. */
export interface Facts {
  /** Milliseconds since 1970. */
  now: number;
  /** The page's host. */
  host: string;
  isSecure: boolean;
  /** The browser's name and version, such as `Chrome 130`. */
  browser: string;
  /** The version of the panel, of the page's script if it tells, and the address to ask for the latest. */
  version: string;
  scriptVersion?: string | undefined;
  latestFrom?: string | undefined;
  /** Whether a copy of the library is here, and whether there is more than one. */
  hasClient: boolean;
  hasSecondCopy: boolean;
  /** Undefined before `init`. */
  settings?: PanelSettings | undefined;
  consent: Consent;
  hasGlobalPrivacyControl: boolean;
  anonymousId?: string | undefined;
  userId?: string | undefined;
  companyId?: string | undefined;
  /** When the server last confirmed the user's data. */
  confirmedAt?: number | undefined;
  touches: Attribution;
  decisions: readonly Decision[];
  stored: readonly Stored[];
  embedding: Embedding;
  waiting: readonly Entry[];
  /** Until when the server wants no requests. 0 for no pause. */
  pausedUntil: number;
  /** Newest first. */
  answers: readonly Answer[];
  refusals: readonly Refusal[];
  network: Network;
}
