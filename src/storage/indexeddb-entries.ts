import { createStore, promisifyRequest } from 'idb-keyval';
import { type EntryStore, toClaimed, toEntries } from './entry-store.ts';

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
      const databases = await indexedDB.databases?.();
      if (databases?.every(one => one.name !== name)) return;
      await write(records => void records.clear());
    },
    all: async () => database('readonly', read),
    // One transaction: the browser lets no other one come between its reads and writes.
    claim: (seen, owner) =>
      write(async records => {
        const claimed = toClaimed(await read(records), seen, owner);
        for (const entry of claimed) records.put(entry, entry.id);
        return claimed;
      }),
  };
}
