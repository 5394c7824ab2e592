import type { Entry } from '../shared/types.ts';
import type { EntryStore, Owner } from './entry-store.ts';
import type { RecordStore } from './record-store.ts';
import type { RetryAfterStore } from './retry-after.ts';

/** Keeps records in this page's memory. Each is a copy, like one that is read from the device. */
export function memoryRecords(site: string): RecordStore {
  const records = new Map<string, string>();
  return {
    site: () => site,
    load(name) {
      const text = records.get(name);
      return text === undefined ? undefined : JSON.parse(text);
    },
    save(name, record) {
      records.set(name, JSON.stringify(record));
    },
    remove(...names) {
      for (const name of names) records.delete(name);
    },
  };
}

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

export function memoryRetryAfter(): RetryAfterStore {
  let until = 0;
  return {
    load: () => until,
    save(time) {
      until = time;
    },
  };
}
