// @vitest-environment happy-dom
import { afterEach, describe, expect, it } from 'vitest';
import type { Entry } from '../../src/shared/types.ts';
import { withFallback } from '../../src/storage/fallback-entries.ts';
import { indexedDbEntries } from '../../src/storage/indexeddb-entries.ts';
import { localStorageEntries } from '../../src/storage/local-storage-entries.ts';
import { entry, freshDatabase, ids } from './entries-world.ts';

describe.each([
  ['IndexedDB', freshDatabase],
  ['localStorage', () => localStorageEntries()],
  ['both', () => withFallback(freshDatabase(), localStorageEntries())],
])('%s', (_, create) => {
  it('gives back what was put, as it was', async () => {
    const store = create();
    await store.put(entry('1'));
    expect(await store.all()).toEqual([entry('1')]);
  });

  it('keeps entries apart by their id, and replaces one of the same id', async () => {
    const store = create();
    await Promise.all(['2', '1', '1'].map(id => store.put(entry(id))));
    expect(await ids(store)).toEqual(['1', '2']);
  });

  it('removes one entry by its id and no other', async () => {
    const store = create();
    await store.put(entry('1'));
    await store.put(entry('1b'));
    await store.remove(['1']);
    await store.remove(['unheard of']);
    expect(await ids(store)).toEqual(['1b']);
  });

  it('removes several at once', async () => {
    const store = create();
    for (const id of ['1', '2', '3']) await store.put(entry(id));
    await store.remove(['1', '3']);
    expect(await ids(store)).toEqual(['2']);
  });

  it('a claim marks entries, for all who read them', async () => {
    const store = create();
    await store.put({ ...entry('1'), owner: 'old', ownedSince: 1 });
    await store.put(entry('2'));
    const claimed = { ...entry('1'), owner: 'new', ownedSince: 5 };
    const seen = (await store.all()).filter(({ id }) => id === '1');
    expect(await store.claim(seen, { owner: 'new', ownedSince: 5 })).toEqual([claimed]);
    expect(await store.all()).toEqual(expect.arrayContaining([claimed, entry('2')]));
  });

  it('of two pages that claim the same entry only one gets it', async () => {
    const store = create();
    await store.put(entry('1'));
    const seen = await store.all();
    const claims = await Promise.all(
      ['a', 'b', 'c'].map(owner => store.claim(seen, { owner, ownedSince: 1 })),
    );
    expect(claims.flat()).toHaveLength(1);
    expect(await store.all()).toEqual(claims.flat());
  });

  it('what is gone cannot be claimed, and does not come back', async () => {
    const store = create();
    await store.put(entry('1'));
    const seen = await store.all();
    await store.remove(['1']);
    expect(await store.claim(seen, { owner: 'a', ownedSince: 1 })).toEqual([]);
    expect(await store.all()).toEqual([]);
  });
});

describe.each([
  ['IndexedDB', () => indexedDbEntries('with-foreign-toJSON')],
  ['localStorage', () => localStorageEntries('with_foreign_toJSON_')],
])('an entry in %s', (_, open) => {
  afterEach(() => {
    Reflect.deleteProperty(Array.prototype, 'toJSON');
  });

  it('comes back with its lists, whatever toJSON another library gives to all arrays', async () => {
    const toJSON = function (this: unknown[]) {
      return `[${this.join()}]`;
    };
    Object.defineProperty(Array.prototype, 'toJSON', { configurable: true, value: toJSON });
    const body = { user_id: '1', metadata: { tags: ['a', 'b'], deep: [[1]] } };
    const entry: Entry = { id: '1', profile: '1', body, at: 1 };
    const store = open();
    await store.put(entry);
    expect((await store.all()).map(each => each.body)).toEqual([body]);
  });
});
