import 'fake-indexeddb/auto';
import { afterEach, beforeEach } from 'vitest';
import type { Entry } from '../../src/shared/types.ts';
import type { EntryStore } from '../../src/storage/entry-store.ts';
import { indexedDbEntries } from '../../src/storage/indexeddb-entries.ts';

const { localStorage, indexedDB } = globalThis;
let databases = 0;

export const entry = (id: string): Entry => ({
  id,
  profile: 'p',
  body: { user_id: 'ü', n: [null, { a: 1 }] },
  at: 1,
});
export const ids = async (store: EntryStore) => (await store.all()).map(({ id }) => id).sort();
export const replace = (name: string, value: unknown) =>
  Object.defineProperty(globalThis, name, { configurable: true, writable: true, value });

beforeEach(() => localStorage.clear());
afterEach(() => {
  replace('localStorage', localStorage);
  replace('indexedDB', indexedDB);
});

export const freshName = () => `test-${++databases}`;
export const freshDatabase = () => indexedDbEntries(freshName());
