import { createStore, promisifyRequest } from 'idb-keyval';
import { browserPage } from '../browser/page.ts';
import { copyOf, isObject, toText } from '../shared/json.ts';
import { tryOrUndefined } from '../shared/try-or-undefined.ts';
import type { Entry } from '../shared/types.ts';
import { within } from '../shared/within.ts';

/** The page that owns an entry, and since when. */
export type Owner = Required<Pick<Entry, 'owner' | 'ownedSince'>>;

/** The storage of waiting entries. A call rejects where the browser refuses to store. */
export interface EntryStore {
  /** Stores an entry. `isLeaving`: the page is on its way out, and only what is written synchronously is written at all. */
  put(entry: Entry, isLeaving?: boolean): Promise<void>;
  remove(ids: string[]): Promise<void>;
  /** Removes everything, without creating anything of its own to do so. */
  clear(): Promise<void>;
  all(): Promise<Entry[]>;
  /**
   * Claims those of the entries that are there and still have the owner they were seen with, and resolves with them.
   * Of two pages that claim the same entry only one gets it.
   */
  claim(seen: readonly Entry[], owner: Owner): Promise<Entry[]>;
}

const KINDS = [undefined, 'users', 'companies', 'actions'];

/** Reads a record as an entry, if it is one, and nothing else of it. Any script of the site can write here. */
const toEntry = (record: unknown, key: unknown): Entry | undefined =>
  tryOrUndefined(() => {
    // Throws for what has no JSON.
    const { id, kind, profile, body, at, touch, owner: page, ownedSince } = copyOf<Entry>(record);
    const isEntry =
      id === key && KINDS.includes(kind) && typeof profile === 'string' && typeof at === 'number';
    const isOwned = typeof page === 'string' && typeof ownedSince === 'number';
    return isEntry && isObject(body)
      ? { id, kind, profile, body, at, touch, ...(isOwned && { owner: page, ownedSince }) }
      : undefined;
  });

/** Reads the records that are entries. The others are removed. */
function toEntries<Key>(keys: Key[], records: unknown[], remove: (keys: Key[]) => Promise<void>): Entry[] {
  const entries = records.map((record, index) => toEntry(record, keys[index]));
  const foreign = keys.filter((_, index) => !entries[index]);
  if (foreign.length) remove(foreign).catch(() => {});
  return entries.filter(entry => !!entry);
}

/** Gives a new owner to those of the entries found that are as they were seen. */
const claimOf = (found: Entry[], seen: readonly Entry[], owner: Owner): Entry[] =>
  found
    .filter(({ id, owner: page, ownedSince }) =>
      seen.some(entry => entry.id === id && entry.owner === page && entry.ownedSince === ownedSince),
    )
    .map(entry => ({ ...entry, ...owner }));

/**
 * Stores entries in IndexedDB, the first choice. A record survives the browser being killed. One put in the task that
 * navigates away is still committed.
 */
export function indexedDbEntries(name = 'utmost'): EntryStore {
  const database = createStore(name, 'outbox');
  // The global is missing, or throws, where storage is blocked. async turns that into a rejection.
  const write = async <T>(change: (records: IDBObjectStore) => T | Promise<T>) => {
    const [result] = await database('readwrite', records =>
      Promise.all([change(records), promisifyRequest(records.transaction)]),
    );
    return result;
  };
  const remove = (keys: IDBValidKey[]) => write(records => keys.forEach(key => void records.delete(key)));
  const read = async (records: IDBObjectStore) => {
    const [keys, values] = await Promise.all([
      promisifyRequest(records.getAllKeys()),
      promisifyRequest(records.getAll()),
    ]);
    return toEntries(keys, values, remove);
  };
  return {
    put: entry => write(records => void records.put(entry, entry.id)),
    remove,
    async clear() {
      // Opening a database creates one. Where its existence cannot be known, it is assumed.
      const known = await indexedDB.databases?.();
      if (known?.every(one => one.name !== name)) return;
      await write(records => void records.clear());
    },
    all: async () => database('readonly', read),
    // One transaction: the browser lets no other one come between its reads and writes.
    claim: (seen, owner) =>
      write(async records => {
        const claimed = claimOf(await read(records), seen, owner);
        for (const entry of claimed) records.put(entry, entry.id);
        return claimed;
      }),
  };
}

/** Stores entries in localStorage, one record each. An array under one key would let two tabs overwrite each other. */
export function localStorageEntries(prefix = 'utmost_outbox_'): EntryStore {
  const write = (entry: Entry) => localStorage.setItem(prefix + entry.id, toText(entry));
  const ids = () =>
    Object.keys(localStorage)
      .filter(key => key.startsWith(prefix))
      .map(key => key.slice(prefix.length));
  const remove = async (gone: string[]) => {
    for (const id of gone) localStorage.removeItem(prefix + id);
  };
  const read = () => {
    const keys = ids();
    const values = keys.map(id => tryOrUndefined(() => JSON.parse(`${localStorage.getItem(prefix + id)}`)));
    return toEntries(keys, values, remove);
  };
  return {
    put: async entry => write(entry),
    remove,
    clear: async () => remove(ids()),
    all: async () => read(),
    // There is a moment in which two tabs both find an entry unclaimed. No lock here works everywhere.
    async claim(seen, owner) {
      const claimed = claimOf(read(), seen, owner);
      claimed.forEach(write);
      return claimed;
    },
  };
}

/** Milliseconds that a store may take to answer. Some browsers' IndexedDB never answers: neither success nor failure. */
const ANSWER_TIMEOUT = 2000;

/**
 * Makes one store of two. The second holds an entry until the first has it, or where the first refuses it or is late.
 * Nothing waits for the first while an answer is overdue that long. Once it answers, it is used again.
 */
export function withFallback(
  first: EntryStore,
  second: EntryStore,
  setTimer = browserPage.setTimer,
): EntryStore {
  let isProven = false;
  let isStuck = false;
  const inTime = <T>(work: Promise<T>): Promise<T> =>
    within(
      work.finally(() => {
        isStuck = false;
      }),
      isStuck ? 0 : ANSWER_TIMEOUT,
      (reject, milliseconds) =>
        setTimer(() => {
          isStuck = true;
          reject();
        }, milliseconds),
    );
  const inBoth = <T>(use: (store: EntryStore) => Promise<T>) =>
    Promise.allSettled([inTime(use(first)), use(second)]);
  const both = async (use: (store: EntryStore) => Promise<Entry[]>) => {
    const results = await inBoth(use);
    const [main] = results;
    if (main.status === 'fulfilled') isProven = true;
    // "Cannot be read" is not "is empty": entries that are there must not be taken for gone.
    else if (isProven) throw main.reason;
    const found = results.flatMap(result => (result.status === 'fulfilled' ? result.value : []));
    // A new entry is in both for a moment.
    return [...new Map(found.map(entry => [entry.id, entry])).values()];
  };
  return {
    put(entry, isLeaving) {
      // Synchronously: a navigation can overtake the opening of a database, and the writing of a large value
      // (Chromium).
      const early = second.put(entry);
      // A transaction begun while the page is left is lost, and in WebKit blocks the next page's for half a minute.
      if (isLeaving) return early;
      const late = first.put(entry).then(() => {
        isProven = true;
        return second.remove([entry.id]).catch(() => {});
      });
      // The result of `early` matters only after `late` had its time.
      early.catch(() => {});
      return inTime(late).catch(() => early);
    },
    async remove(ids) {
      await inBoth(store => store.remove(ids));
    },
    async clear() {
      await inBoth(store => store.clear());
    },
    all: () => both(store => store.all()),
    claim: (seen, owner) => both(store => store.claim(seen, owner)),
  };
}
