// @vitest-environment happy-dom
import { expect, it } from 'vitest';
import { indexedDbEntries } from '../../src/storage/indexeddb-entries.ts';
import { entry, freshDatabase, ids } from './entries-world.ts';

it('IndexedDB gives entries in the order of their ids', async () => {
  const store = freshDatabase();
  for (const id of ['c', 'a', 'b']) await store.put(entry(id));
  expect((await store.all()).map(({ id }) => id)).toEqual(['a', 'b', 'c']);
});

it('two tabs with one IndexedDB see and keep each other’s entries', async () => {
  const [one, other] = [indexedDbEntries('shared'), indexedDbEntries('shared')];
  await Promise.all([one.put(entry('1')), other.put(entry('2'))]);
  expect(await ids(one)).toEqual(['1', '2']);
});

it('IndexedDB starts to write in the task of the call', async () => {
  const store = freshDatabase();
  const puts = ['1', '2'].map(id => store.put(entry(id)));
  // A read that is asked for at once is queued behind the writes.
  expect(await ids(store)).toEqual(['1', '2']);
  await Promise.all(puts);
});
