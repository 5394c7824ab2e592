import type { JsonObject } from '../types.ts';

/**
 * A fingerprint of what an update says of its profile, campaign aside: 64 bits of FNV-1a over UTF-16
 * units, with two primes (Web Crypto is missing on plain http). Good against chance, not against intent.
 */
export function digestOf({ campaign: _, ...profile }: JsonObject): string {
  const text = JSON.stringify(profile);
  let [one, two] = [0x811c9dc5, 0x1b873593];
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    one = Math.imul(one ^ unit, 0x01000193);
    two = Math.imul(two ^ unit, 0x85ebca6b);
  }
  return (one >>> 0).toString(36) + (two >>> 0).toString(36);
}
