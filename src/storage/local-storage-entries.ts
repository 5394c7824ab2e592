import { toText } from '../shared/json.ts';
import { tryOrUndefined } from '../shared/try-or-undefined.ts';
import type { Entry } from '../shared/types.ts';
import { type EntryStore, toClaimed, toEntries } from './entry-store.ts';

/** Stores entries in localStorage, one record each. An array under one key would let two tabs overwrite each other. */
export function localStorageEntries(prefix = 'utmost_outbox_'): EntryStore {
  const write = (entry: Entry) => localStorage.setItem(prefix + entry.id, toText(entry));
  const ids = () =>
    Object.keys(localStorage)
      .filter(key => key.startsWith(prefix))
      .map(key => key.slice(prefix.length));
  const remove = async (removed: string[]) => {
    for (const id of removed) localStorage.removeItem(prefix + id);
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
      const claimed = toClaimed(read(), seen, owner);
      claimed.forEach(write);
      return claimed;
    },
  };
}
