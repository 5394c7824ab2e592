import { attempt } from '../attempt.ts';
import { cut } from '../campaign/parameters.ts';
import { toText } from '../json.ts';

/** Version of the records' form. Another one is not read. */
const FORMAT = 1;

/**
 * A small record as it stands in a cookie: versioned JSON in base64url (RFC 4648, 5), since raw URLs in cookies trip
 * web application firewalls.
 */
export function encode(record: object): string {
  // btoa takes bytes, one a character: this pair of functions makes them of UTF-8 and back.
  const bytes = unescape(encodeURIComponent(toText({ v: FORMAT, ...record })));
  return btoa(bytes).replace(/\+/g, '-').replace(/\//g, '_').replace(/=/g, '');
}

/** The record, or undefined for anything that is none of this version. */
export function decode(text: string | null | undefined): Record<string, unknown> | undefined {
  if (!text) return undefined;
  return attempt(() => {
    const bytes = atob(text.replace(/-/g, '+').replace(/_/g, '/'));
    const { v, ...record } = JSON.parse(decodeURIComponent(escape(bytes)));
    return v === FORMAT ? record : undefined;
  });
}

/**
 * The record shortened until its encoding has at most `limit` characters: the longest strings are cut first. An id is
 * left out whole, since a part of one names somebody else or nobody.
 */
export function encodeWithin(record: object, limit: number): string {
  for (let longest = 512; ; longest = Math.floor(longest * 0.9)) {
    const shorten = (key: string, value: unknown) => {
      if (typeof value !== 'string' || value.length <= longest) return value;
      return /id$/i.test(key) ? undefined : cut(value, longest);
    };
    const text = encode(JSON.parse(toText(record), shorten));
    if (text.length <= limit || !longest) return text;
  }
}
