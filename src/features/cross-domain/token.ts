import { toFingerprint } from '../../shared/fingerprint.ts';
import { decode, encode } from '../../storage/codec.ts';

/** Time for which a token is good, in milliseconds: enough for a slow page, two redirects and a cold start. */
export const TOKEN_LIFETIME = 120_000;

/**
 * Time that a token may be ahead of the clock, in milliseconds. Both sites are in one browser, so only a clock set
 * back leads to that.
 */
const SKEW = 5_000;

/** The longest id that is taken, in characters: it has to fit into the cookie. */
const LONGEST_ID = 200;

export interface Token {
  anonymousId: string;
  /** The time it was made, in milliseconds since 1970. */
  at: number;
  /** The domain it was made for. */
  domain: string;
  /** The fingerprint that distinguishes it from any other. */
  check: string;
}

const checkOf = (id: string, at: number, domain: string) => toFingerprint({ domain, at, id });

/**
 * Makes a token that carries the visitor's id to `domain`. It is versioned JSON in base64url, of id, time, and a
 * fingerprint of both with the domain. It is synchronous, as a click needs it, and without Web Crypto, which
 * plain-http pages lack. It has no secret. The fingerprint keeps out damage, old links and other sites' tokens, but
 * nobody who sets out to make one.
 */
export const makeToken = (id: string, at: number, domain: string): string =>
  encode({ id, at, check: checkOf(id, at, domain) });

/**
 * Reads a token that was made for the domain of `host` less than two minutes ago. Returns undefined for any other
 * text; none makes it throw.
 */
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
