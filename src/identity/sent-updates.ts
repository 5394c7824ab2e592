import { toFingerprint } from '../shared/fingerprint.ts';
import type { JsonObject } from '../shared/types.ts';
import type { RecordStore } from '../storage/record-store.ts';
import { toNumber } from './records.ts';

/** Time for which a confirmed update is not sent again, in milliseconds: 24 hours. */
const CONFIRMED_FOR = 24 * 60 * 60_000;

/** Keeps, in the record of that name, the last update of its subject, and when the server confirmed it. */
export function createSentUpdates(records: RecordStore, name: string, now: () => number) {
  return {
    /**
     * Checks whether the server has yet to hear this. It has where this carries a campaign, differs from the last
     * update, or that was not confirmed within 24 hours. Records this as the last update.
     */
    hasChanged(body: JsonObject): boolean {
      const fingerprint = toFingerprint(body);
      let stored = records.load(name);
      if (stored?.fingerprint !== fingerprint) {
        stored = { ...stored, fingerprint, confirmed: undefined };
        records.save(name, stored);
      }
      // In both directions: a clock set back must not make it last.
      return !!body.campaign || Math.abs(now() - toNumber(stored.confirmed)) >= CONFIRMED_FOR;
    },
    /** Marks the last update as confirmed, if it is this one. */
    markDelivered(body: JsonObject): void {
      const stored = records.load(name);
      if (stored?.fingerprint === toFingerprint(body)) records.save(name, { ...stored, confirmed: now() });
    },
  };
}
