// @vitest-environment happy-dom
import { describe, expect, it, vi } from 'vitest';
import type { Entry } from '../../src/shared/types.ts';
import { withFallback } from '../../src/storage/fallback-entries.ts';
import { localStorageEntries } from '../../src/storage/local-storage-entries.ts';
import { blockLocalStorage } from './cookie-jar.ts';
import { entry, freshDatabase, ids, replace } from './entries-world.ts';

describe('the fallback', () => {
  const broken = () => {
    throw new DOMException('blocked', 'SecurityError');
  };

  it.each([
    ['is missing', undefined],
    ['throws', { open: broken }],
    [
      'fails late',
      {
        open() {
          const request = { error: new Error('late'), onerror: () => {} };
          setTimeout(() => request.onerror(), 1);
          return request;
        },
      },
    ],
  ])('takes the entries where IndexedDB %s', async (_, database) => {
    replace('indexedDB', database);
    const store = withFallback(freshDatabase(), localStorageEntries());
    await store.put(entry('1'));
    expect(await ids(localStorageEntries())).toEqual(['1']);
    expect(await ids(store)).toEqual(['1']);
    await store.remove(['1']);
    expect(await ids(store)).toEqual([]);
  });

  it('is left alone where IndexedDB takes them', async () => {
    const store = withFallback(freshDatabase(), localStorageEntries());
    await store.put(entry('1'));
    expect(localStorage).toHaveLength(0);
  });

  it('gives its entries beside those of IndexedDB, and removes from both', async () => {
    const database = freshDatabase();
    const store = withFallback(database, localStorageEntries());
    await database.put(entry('1'));
    await localStorageEntries().put(entry('2'));
    expect(await ids(store)).toEqual(['1', '2']);
    await store.remove(['1']);
    await store.remove(['2']);
    expect(await ids(store)).toEqual([]);
  });

  it('takes at once what is put while the page is left: a transaction would be lost', async () => {
    const store = withFallback(freshDatabase(), localStorageEntries());
    void store.put(entry('1'), true);
    expect(localStorage).toHaveLength(1);
    expect(await ids(store)).toEqual(['1']);
  });

  it('holds an entry until IndexedDB has it, which a navigation can overtake', async () => {
    const database = freshDatabase();
    let commit = () => {};
    const slow = {
      ...database,
      put: async (each: Entry) => {
        await new Promise<void>(resolve => {
          commit = resolve;
        });
        await database.put(each);
      },
    };
    const store = withFallback(slow, localStorageEntries());
    const put = store.put(entry('1'));
    expect(localStorage).toHaveLength(1);
    expect(await store.all()).toEqual([entry('1')]);
    commit();
    await put;
    await new Promise(resolve => setTimeout(resolve));
    expect(localStorage).toHaveLength(0);
    expect(await store.all()).toEqual([entry('1')]);
  });

  it('an entry that is in both is one entry, and can be claimed once', async () => {
    const [database, local] = [freshDatabase(), localStorageEntries()];
    await Promise.all([database.put(entry('1')), local.put(entry('1'))]);
    const store = withFallback(database, local);
    expect(await ids(store)).toEqual(['1']);
    const mark = { owner: 'a', ownedSince: 1 };
    expect(await store.claim(await store.all(), mark)).toEqual([{ ...entry('1'), ...mark }]);
  });

  it('an IndexedDB that worked and fails now is no empty one', async () => {
    const store = withFallback(freshDatabase(), localStorageEntries());
    await store.put(entry('1'));
    replace('indexedDB', undefined);
    const broken = withFallback({ ...freshDatabase(), put: async () => {} }, localStorageEntries());
    await broken.put(entry('2'));
    await expect(broken.all()).rejects.toThrow();
  });

  it('a removal rejects nothing where localStorage is blocked, and opens no IndexedDB', async () => {
    blockLocalStorage();
    const open = vi.fn();
    replace('indexedDB', { open });
    const store = withFallback(freshDatabase(), localStorageEntries());
    await expect(store.remove(['1'])).resolves.toBeUndefined();
    expect(open).not.toHaveBeenCalled();
  });

  it('where everything is blocked only the put rejects', async () => {
    replace('indexedDB', undefined);
    blockLocalStorage();
    const store = withFallback(freshDatabase(), localStorageEntries());
    await expect(store.put(entry('1'))).rejects.toThrow();
    await expect(store.remove(['1'])).resolves.toBeUndefined();
    await expect(store.all()).resolves.toEqual([]);
  });
});
