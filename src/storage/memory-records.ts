import type { RecordStore } from './record-store.ts';

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
    protect: () => () => {},
    remove(...names) {
      for (const name of names) records.delete(name);
    },
    // No page has left anything.
    isOutboxEmpty: () => true,
    markEmpty() {},
    markFilled() {},
    tryMarkEmpty: () => true,
  };
}
