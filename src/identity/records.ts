import type { Attribution } from '../campaign/rules.ts';
import { isObject } from '../shared/json.ts';
import type { Identity, Touch } from '../shared/types.ts';
import { normalizeId } from './ids.ts';

// Any script on any subdomain can write a cookie: each field counts alone, and a bad one as if it were not there. The
// texts of a touch are looked at where they are sent; what is only compared needs no look.

type StoredRecord = Record<string, unknown> | undefined;

/** A number, and 0 for what is none. */
export const toNumber = (value: unknown) => (typeof value === 'number' ? value : 0);

/** With a time that a date can have. */
const isTouch = (stored: unknown) =>
  isObject(stored) && isObject(stored.campaign) && Math.abs(toNumber(stored.at) || Number.NaN) < 8.64e15;

/** What a record says of the visitor's touches. */
export function toAttribution(stored: StoredRecord): Attribution {
  const [first, last] = [stored?.first, stored?.last].filter(isTouch) as Touch[];
  return {
    ...stored,
    first,
    last,
    count: toNumber(stored?.count),
    seen: toNumber(stored?.seen),
  };
}

/** What a record says of who is at the browser. */
export const toIdentity = (
  stored: StoredRecord,
): Omit<Identity, 'anonymousId'> & { anonymousId: string | undefined } => ({
  ...stored,
  anonymousId: normalizeId(stored?.anonymousId),
  userId: normalizeId(stored?.userId),
  companyId: normalizeId(stored?.companyId),
});
