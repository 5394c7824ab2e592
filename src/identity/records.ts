import type { Attribution } from '../campaign/rules.ts';
import { isObject } from '../shared/json.ts';
import type { Identity, Touch } from '../shared/types.ts';
import type { RecordStore } from '../storage/record-store.ts';
import { normalizeId } from './ids.ts';

// Any script on any subdomain can write a cookie: each field counts alone, and a bad one counts as missing. The texts
// of a touch are checked where they are sent. What is only compared needs no check.

/** Records that a server can renew: who the visitor is, and where they came from. */
export const RENEWABLE = ['id', 'campaign'];

type StoredRecord = Record<string, unknown>;

/** Returns a number as it is, and 0 for anything else. */
export const toNumber = (value: unknown) => (typeof value === 'number' ? value : 0);

/** Checks whether a record is a touch, with a time that a date can have. */
export const isTouch = (stored: unknown): stored is Touch =>
  isObject(stored) && isObject(stored.campaign) && Math.abs(toNumber(stored.at) || Number.NaN) < 8.64e15;

/** Reads the visitor's touches from a record. */
export function toAttribution(stored: StoredRecord = {}): Attribution {
  const [first, last] = [stored.first, stored.last].filter(isTouch);
  return {
    ...stored,
    first,
    last,
    count: toNumber(stored.count),
    lastActivityAt: toNumber(stored.lastActivityAt),
  };
}

/** Reads the visitor's identity from a record. */
export const toIdentity = (
  stored: StoredRecord = {},
): Omit<Identity, 'anonymousId'> & { anonymousId: string | undefined } => ({
  ...stored,
  anonymousId: normalizeId(stored.anonymousId),
  userId: normalizeId(stored.userId),
  companyId: normalizeId(stored.companyId),
});

/** Loads the visitor's identity. A visitor without one is given one. */
export function loadIdentity(records: RecordStore, uuid: () => string): Identity {
  const identity = toIdentity(records.load('id'));
  if (!identity.anonymousId) {
    identity.anonymousId = uuid();
    records.save('id', identity);
  }
  return identity as Identity;
}
