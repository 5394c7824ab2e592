import { toFingerprint } from '../../shared/fingerprint.ts';
import { decode, encode } from '../../storage/codec.ts';

/** How long a token is good for, in milliseconds: a slow page, two redirects and a cold start. */
export const TOKEN_LIFETIME = 120_000;

/** How far a token may be ahead of the clock, in milliseconds. Both sites are in one browser: only a clock set back. */
const SKEW = 5_000;

/** Longest id that is taken, in characters: it has to fit into the cookie. */
const LONGEST_ID = 200;

export interface Token {
  anonymousId: string;
  /** When it was made, in milliseconds since 1970. */
  at: number;
  /** The domain it was made for. */
  domain: string;
  /** What tells it from any other. */
  check: string;
}

const checkOf = (id: string, at: number, domain: string) => toFingerprint({ domain, at, id });

/**
 * A token that tells `domain` the visitor's id: versioned JSON in base64url, of id, time, and a fingerprint of both with
 * the domain. Synchronous, as a click needs it, and without Web Crypto, which plain-http pages lack. It has no secret: the
 * fingerprint keeps out damage, old links and other sites' tokens, but nobody who sets out to make one.
 */
export const makeToken = (id: string, at: number, domain: string): string =>
  encode({ id, at, check: checkOf(id, at, domain) });

/** What a token says, if it was made for the domain of `host` less than two minutes ago; no text makes it throw. */
export function readToken(text: string | undefined, host: string, now: number): Token | undefined {
  const { id, at, check } = decode(text) ?? {};
  if (typeof id !== 'string' || !id.trim() || id.length > LONGEST_ID || typeof at !== 'number')
    return undefined;
  const age = now - at;
  if (!(age >= -SKEW && age < TOKEN_LIFETIME)) return undefined;
  // It may have been made for a parent of this host: example.com forwards to www.example.com.
  const labels = host.replace(/\.$/, '').split('.');
  const domain = labels
    .map((_, index) => labels.slice(index).join('.'))
    .find(parent => check === checkOf(id, at, parent));
  return domain === undefined ? undefined : { anonymousId: id, at, domain, check: check as string };
}
