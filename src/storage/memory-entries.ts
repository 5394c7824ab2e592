import type { Entry } from '../shared/types.ts';
import type { EntryStore, Owner } from './entry-store.ts';

/** Keeps the outbox in this page's memory: no other page ever sees it. */
export function memoryEntries(): EntryStore {
  const entries = new Map<string, Entry>();
  return {
    async put(entry) {
      entries.set(entry.id, entry);
    },
    async remove(ids) {
      for (const id of ids) entries.delete(id);
    },
    async clear() {
      entries.clear();
    },
    all: async () => [...entries.values()],
    async claim(seen: readonly Entry[], owner: Owner) {
      const claimed = seen.filter(({ id }) => entries.has(id)).map(entry => ({ ...entry, ...owner }));
      for (const entry of claimed) entries.set(entry.id, entry);
      return claimed;
    },
  };
}
