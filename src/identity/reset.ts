import type { Identity } from '../shared/types.ts';
import type { RecordStore } from '../storage/record-store.ts';
import { RENEWABLE } from './records.ts';
import { STATE, saveState } from './touches.ts';

/** The names of the records that are of one visitor. */
const RECORDS = RENEWABLE.concat(STATE);

/** Forgets who the visitor is, and takes that back where the same user is identified again on this page. */
export function createReset(
  records: RecordStore,
  identity: () => Identity,
  now: () => number,
  uuid: () => string,
) {
  /** The user that was replaced on this page, and their records. */
  let replaced: { userId: string | undefined; records: (object | undefined)[] } | undefined;
  const saveAll = (all: (object | undefined)[]) => {
    const { debug } = { ...records.load(STATE) };
    for (const [n, name] of RECORDS.entries()) records.save(name, { ...all[n] });
    // A reload must not find the touches in the URL again.
    saveState(records, { lastActivityAt: now(), debug });
  };
  /** Begins a new visitor; see `Visitor.reset`. */
  const reset = (): boolean => {
    const { userId, companyId } = identity();
    if (!userId && !companyId) return false;
    replaced = { userId, records: RECORDS.map(records.load) };
    const anonymous = { anonymousId: uuid() };
    if (userId) saveAll([anonymous]);
    else records.save('id', anonymous);
    return true;
  };
  return {
    reset,
    /** Makes the records those of this user: another one's are replaced, and their own come back. */
    become(userId: string): void {
      // An auth library reports "nobody" before it reports a user: for the same user the reset is undone.
      if (replaced?.userId === userId) saveAll(replaced.records);
      if ((identity().userId ?? userId) !== userId) reset();
      replaced = undefined;
    },
  };
}
