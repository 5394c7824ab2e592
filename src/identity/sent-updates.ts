import { toFingerprint } from '../shared/fingerprint.ts';
import type { JsonObject } from '../shared/types.ts';
import type { RecordStore } from '../storage/record-store.ts';
import { isConfirmed } from './records.ts';

/**
 * Keeps, in a record of its own, the last update of something other than the user, and whether the server has
 * confirmed it.
 */
export function createSentUpdates(store: RecordStore, name: string, now: () => number) {
  return {
    /** Checks whether the server has yet to hear this. Remembers it as the last update. */
    hasChanged(body: JsonObject): boolean {
      const known = store.load(name);
      const fingerprint = toFingerprint(body);
      if (fingerprint === known?.fingerprint && isConfirmed(known, now()) && !body.campaign) return false;
      if (fingerprint !== known?.fingerprint)
        store.save(name, { ...known, fingerprint, confirmed: undefined });
      return true;
    },
    /** Records that this has arrived. */
    markDelivered(body: JsonObject): void {
      const known = store.load(name);
      if (known?.fingerprint === toFingerprint(body)) store.save(name, { ...known, confirmed: now() });
    },
  };
}
