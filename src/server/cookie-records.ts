import { decode } from '../storage/codec.ts';
import { memoryRecords } from '../storage/memory-records.ts';
import type { RecordStore } from '../storage/record-store.ts';
import { cookieValues } from './cookie-header.ts';

/**
 * Opens the records of a request's `Cookie` header as a page opens its own. Of several cookies with one name the first
 * counts, as in the page. What is saved lives as long as the store.
 */
export function cookieRecords(header: unknown, prefix: string): RecordStore {
  const saved = memoryRecords('');
  return {
    ...saved,
    load(name) {
      const stored = saved.load(name) ?? decode(cookieValues(header, prefix + name)[0]);
      delete stored?.domain;
      return stored;
    },
  };
}
