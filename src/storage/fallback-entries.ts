import { browserPage } from '../browser/page.ts';
import type { Entry } from '../shared/types.ts';
import { within } from '../shared/within.ts';
import type { EntryStore } from './entry-store.ts';

/** Milliseconds that a store may take to answer. Some browsers' IndexedDB never answers: neither success nor failure. */
const ANSWER_TIMEOUT = 2000;

/** Returns what both stores hold. A new entry is in both for a moment. */
const toUnion = (results: PromiseSettledResult<Entry[]>[]): Entry[] => {
  const found = results.flatMap(result => (result.status === 'fulfilled' ? result.value : []));
  return [...new Map(found.map(entry => [entry.id, entry])).values()];
};

/**
 * Makes one store of two. The second holds an entry until the first has it, or where the first refuses it or is late.
 * Nothing waits for the first while an answer is overdue that long. Once it answers, it is used again. It is not opened
 * to remove what this page has put into the second alone.
 */
export function withFallback(
  first: EntryStore,
  second: EntryStore,
  setTimer = browserPage.setTimer,
): EntryStore {
  let isOpened = false;
  let isProven = false;
  let isOverdue = false;
  const inTime = <T>(answer: Promise<T>): Promise<T> =>
    within(
      answer.finally(() => {
        isOverdue = false;
      }),
      isOverdue ? 0 : ANSWER_TIMEOUT,
      (reject, milliseconds) =>
        setTimer(() => {
          isOverdue = true;
          reject();
        }, milliseconds),
    );
  const inBoth = <T>(use: (store: EntryStore) => Promise<T>) => {
    isOpened = true;
    return Promise.allSettled([inTime(use(first)), use(second)]);
  };
  const findInBoth = async (use: (store: EntryStore) => Promise<Entry[]>) => {
    const results = await inBoth(use);
    const [primary] = results;
    if (primary.status === 'fulfilled') isProven = true;
    // "Cannot be read" is not "is empty": entries that are there must not count as removed.
    else if (isProven) throw primary.reason;
    return toUnion(results);
  };
  return {
    put(entry, isQuick) {
      // Synchronously: a navigation can overtake the opening of a database, and the writing of a large value
      // (Chromium).
      const early = second.put(entry);
      // A transaction begun while the page is left is lost, and in WebKit blocks the next page's for half a minute.
      if (isQuick) return early;
      isOpened = true;
      const late = first.put(entry).then(() => {
        isProven = true;
        return second.remove([entry.id]).catch(() => {});
      });
      // The result of `early` matters only after `late` had its time.
      early.catch(() => {});
      return inTime(late).catch(() => early);
    },
    async remove(ids) {
      await (isOpened ? inBoth(store => store.remove(ids)) : second.remove(ids).catch(() => {}));
    },
    async clear() {
      await inBoth(store => store.clear());
    },
    // Once it has been read, a failure to read it is no empty list.
    isComplete: () => isProven,
    all: () => findInBoth(store => store.all()),
    claim: (seen, owner) => findInBoth(store => store.claim(seen, owner)),
  };
}
