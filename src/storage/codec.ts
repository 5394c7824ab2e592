import { cut } from '../campaign/parameters.ts';
import { toText } from '../shared/json.ts';
import { tryOrUndefined } from '../shared/try-or-undefined.ts';

/** Version of the records' form. A record of another version is not read. */
const FORMAT = 1;

/** The longest cookie that is written, name and value, in characters. */
export const MAX_COOKIE = 1500;

/**
 * Encodes a small record for a cookie: versioned JSON in base64url (RFC 4648, 5), since raw URLs in cookies trip web
 * application firewalls. It is shortened until it has at most `limit` characters: the longest strings are cut first.
 * An id is left out whole, since a part of one names somebody else or nobody.
 */
export function encode(record: object, limit = Infinity, longest = limit): string {
  const json = JSON.parse(toText({ v: FORMAT, ...record }), (key, value) => {
    if (typeof value !== 'string' || value.length <= longest) return value;
    return /id$/i.test(key) ? undefined : cut(value, longest);
  });
  // btoa takes bytes, one for each character. This pair of functions makes them of UTF-8 and back.
  const text = btoa(unescape(encodeURIComponent(toText(json))))
    .replace(/\+/g, '-')
    .replace(/\//g, '_')
    .replace(/=/g, '');
  return text.length > limit && longest > 1 ? encode(record, limit, longest * 0.9) : text;
}

/** Decodes a record. Returns undefined for anything that is no record of this version. */
export function decode(text: string | null | undefined): Record<string, unknown> | undefined {
  // Most visitors lack most records, and an exception costs a cold page milliseconds.
  if (!text) return;
  return tryOrUndefined(() => {
    const bytes = atob(text.replace(/-/g, '+').replace(/_/g, '/'));
    const { v, ...record } = JSON.parse(decodeURIComponent(escape(bytes)));
    return v === FORMAT ? record : undefined;
  });
}
