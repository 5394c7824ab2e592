import { toText } from './json.ts';
import type { JsonObject } from './types.ts';

/**
 * Makes a fingerprint of what an update says of its profile, campaign aside: 64 bits of FNV-1a. It runs over UTF-16
 * units, from two offsets, since Web Crypto is missing on plain http. It guards against chance, not against intent.
 */
export function toFingerprint({ campaign: _, ...profile }: JsonObject): string {
  const text = toText(profile);
  return [0x811c9dc5, 0x1b873593]
    .map(hash => {
      for (let index = 0; index < text.length; index++)
        hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
      return (hash >>> 0).toString(36);
    })
    .join('');
}
