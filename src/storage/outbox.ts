import { createStore, del, set, values } from 'idb-keyval';
import { attempt } from '../attempt.ts';
import type { Entry } from '../types.ts';

/** Where entries wait. A call rejects where the browser does not let it store. */
export interface EntryStore {
  put(entry: Entry): Promise<void>;
  remove(id: string): Promise<void>;
  all(): Promise<Entry[]>;
}

/**
 * The first choice: a record survives the browser being killed, and one put in the task that navigates away is
 * still committed.
 */
export function indexedDbStore(name = 'utmost'): EntryStore {
  const database = createStore(name, 'outbox');
  // The global is missing, or throws, where storage is blocked: async turns that into a rejection.
  return {
    put: async entry => set(entry.id, entry, database),
    remove: async id => del(id, database),
    all: async () => values<Entry>(database),
  };
}

/** One record an entry: an array under one key would let two tabs overwrite each other. */
export function localStorageStore(prefix = 'utmost_outbox_'): EntryStore {
  return {
    put: async entry => localStorage.setItem(prefix + entry.id, JSON.stringify(entry)),
    remove: async id => localStorage.removeItem(prefix + id),
    all: async () =>
      Object.entries({ ...localStorage })
        .filter(([key]) => key.startsWith(prefix))
        .flatMap(([, text]) => attempt(() => JSON.parse(text) as Entry) ?? [])
        .filter(entry => entry.body),
  };
}

/** Two stores as one: an entry goes to the second where the first does not take it. */
export function withFallback(first: EntryStore, second: EntryStore): EntryStore {
  return {
    put: entry => first.put(entry).catch(() => second.put(entry)),
    remove: async id => void (await Promise.allSettled([first.remove(id), second.remove(id)])),
    all: async () => {
      const found = await Promise.all([first, second].map(store => store.all().catch(() => [])));
      return found.flat();
    },
  };
}
