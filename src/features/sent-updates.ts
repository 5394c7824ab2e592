import { isConfirmed } from '../identity/records.ts';
import { toFingerprint } from '../shared/fingerprint.ts';
import type { JsonObject } from '../shared/types.ts';
import type { Store } from '../storage/cookie-store.ts';

/**
 * Keeps, in a record of its own, the last update of something other than the user, and whether the server has
 * confirmed it.
 */
export function createSentUpdates(store: Store, name: string, now: () => number) {
  return {
    /** Checks whether the server has yet to hear this. Remembers it as the last update. */
    hasChanged(body: JsonObject): boolean {
      const known = store.load(name);
      const said = toFingerprint(body);
      if (said === known?.said && isConfirmed(known, now()) && !body.campaign) return false;
      if (said !== known?.said) store.save(name, { ...known, said, confirmed: undefined });
      return true;
    },
    /** Records that this has arrived. */
    confirm(body: JsonObject): void {
      const known = store.load(name);
      if (known?.said === toFingerprint(body)) store.save(name, { ...known, confirmed: now() });
    },
  };
}
