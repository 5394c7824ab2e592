import type { Identity } from '../shared/types.ts';
import type { RecordStore } from '../storage/record-store.ts';

/** Forgets who the visitor is, and takes that back where the same user is identified again on this page. */
export function createReset(
  records: RecordStore,
  identity: () => Identity,
  now: () => number,
  uuid: () => string,
) {
  /** The user that was replaced on this page, and their records. */
  let replaced: { identity: Identity; touches: object | undefined } | undefined;
  /** Begins a new visitor; see `Visitor.reset`. */
  const reset = (): boolean => {
    const before = identity();
    if (!before.userId && !before.companyId) return false;
    replaced = { identity: before, touches: records.load('campaign') };
    records.save('id', { anonymousId: uuid() });
    // A reload must not find the touches in the URL again.
    if (before.userId) records.save('campaign', { lastActivityAt: now() });
    return true;
  };
  return {
    reset,
    /** Makes the records those of this user: another one's are replaced, and their own come back. */
    become(userId: string): void {
      // An auth library reports "nobody" before it reports a user: for the same user the reset is undone.
      if (replaced?.identity.userId === userId) {
        records.save('campaign', { ...replaced.touches, lastActivityAt: now() });
        records.save('id', replaced.identity);
      }
      if ((identity().userId ?? userId) !== userId) reset();
      replaced = undefined;
    },
  };
}
