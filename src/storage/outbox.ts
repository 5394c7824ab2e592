import { createStore, promisifyRequest } from 'idb-keyval';
import { attempt } from '../attempt.ts';
import { isObject } from '../json.ts';
import type { Entry } from '../types.ts';

/** Whose an entry is, and since when. */
export type Mark = Required<Pick<Entry, 'page' | 'held'>>;

/** Where entries wait. A call rejects where the browser does not let it store. */
export interface EntryStore {
  /** `isLeaving`: the page is on its way out, and only what is written at once is written at all. */
  put(entry: Entry, isLeaving?: boolean): Promise<void>;
  remove(ids: string[]): Promise<void>;
  /** Removes everything, and makes nothing of its own to do so. */
  wipe(): Promise<void>;
  all(): Promise<Entry[]>;
  /**
   * Marks those of the entries that are there and still bear the mark they were seen with, and resolves with them. Of
   * two pages that claim the same entry only one gets it.
   */
  claim(seen: readonly Entry[], mark: Mark): Promise<Entry[]>;
}

/** Without what is no entry: any script of the site can write here. */
const sound = (found: (Entry | undefined)[]): Entry[] =>
  found.filter((entry): entry is Entry => isObject(entry?.body) && typeof entry.id === 'string');

const isAsSeen = (entry: Entry | undefined, seen: Entry): entry is Entry =>
  !!entry && entry.page === seen.page && entry.held === seen.held;

/**
 * The first choice: a record survives the browser being killed, and one put in the task that navigates away is
 * still committed.
 */
export function indexedDbStore(name = 'utmost'): EntryStore {
  const database = createStore(name, 'outbox');
  // The global is missing, or throws, where storage is blocked: async turns that into a rejection.
  const write = async (change: (records: IDBObjectStore) => void) =>
    database('readwrite', records => {
      change(records);
      return promisifyRequest(records.transaction);
    });
  return {
    put: entry => write(records => records.put(entry, entry.id)),
    remove: ids => write(records => ids.forEach(id => void records.delete(id))),
    async wipe() {
      // Opening a database makes one. Where it cannot be told whether there is one, there may be.
      const known = await indexedDB.databases?.();
      if (known?.every(one => one.name !== name)) return;
      await write(records => records.clear());
    },
    all: async () => sound(await database('readonly', records => promisifyRequest(records.getAll()))),
    async claim(seen, mark) {
      const claimed: Entry[] = [];
      // One transaction: the browser lets no other one come between its reads and writes.
      await write(records => {
        for (const entry of seen) {
          const request = records.get(entry.id);
          request.onsuccess = () => {
            if (!isAsSeen(request.result, entry)) return;
            claimed.push({ ...request.result, ...mark });
            records.put(claimed.at(-1), entry.id);
          };
        }
      });
      return claimed;
    },
  };
}

/** One record an entry: an array under one key would let two tabs overwrite each other. */
export function localStorageStore(prefix = 'utmost_outbox_'): EntryStore {
  const write = (entry: Entry) => localStorage.setItem(prefix + entry.id, JSON.stringify(entry));
  const read = (key: string) =>
    attempt(() => JSON.parse(`${localStorage.getItem(key)}`) as Entry | undefined);
  const keys = () => Object.keys(localStorage).filter(key => key.startsWith(prefix));
  return {
    put: async entry => write(entry),
    remove: async ids => {
      for (const id of ids) localStorage.removeItem(prefix + id);
    },
    wipe: async () => {
      for (const key of keys()) localStorage.removeItem(key);
    },
    all: async () => sound(keys().map(read)),
    // A moment in which two tabs both find an entry free stays: there is no lock here that works everywhere.
    claim: async (seen, mark) =>
      seen
        .filter(entry => isAsSeen(read(prefix + entry.id), entry))
        .map(entry => {
          const claimed = { ...entry, ...mark };
          write(claimed);
          return claimed;
        }),
  };
}

/** Two stores as one: the second holds an entry until the first has it, or where that one does not take it. */
export function withFallback(first: EntryStore, second: EntryStore): EntryStore {
  let isProven = false;
  const both = async (use: (store: EntryStore) => Promise<Entry[]>) => {
    const [main, rest] = await Promise.allSettled([first, second].map(use));
    if (main?.status === 'fulfilled') isProven = true;
    // "I can't read" is not "there is nothing": what is there must not be taken for gone.
    else if (isProven) throw main?.reason;
    const found = [main, rest].flatMap(result => (result?.status === 'fulfilled' ? result.value : []));
    // A new entry is in both for a moment.
    return [...new Map(found.map(entry => [entry.id, entry])).values()];
  };
  return {
    put(entry, isLeaving) {
      // At once: a navigation can overtake the opening of a database, and the writing of a large value (Chromium).
      const early = second.put(entry);
      // A transaction begun while the page is left is lost, and in WebKit blocks the next page's for half a minute.
      if (isLeaving) return early;
      const late = first.put(entry);
      return Promise.allSettled([early, late]).then(([, { status }]) => {
        if (status === 'rejected') return early;
        isProven = true;
        return second.remove([entry.id]).catch(() => {});
      });
    },
    remove: async ids => void (await Promise.allSettled([first.remove(ids), second.remove(ids)])),
    wipe: async () => void (await Promise.allSettled([first.wipe(), second.wipe()])),
    all: () => both(store => store.all()),
    claim: (seen, mark) => both(store => store.claim(seen, mark)),
  };
}
