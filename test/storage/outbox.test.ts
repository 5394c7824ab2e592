// @vitest-environment happy-dom
import 'fake-indexeddb/auto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  type EntryStore,
  indexedDbStore,
  localStorageStore,
  withFallback,
} from '../../src/storage/outbox.ts';
import type { Entry } from '../../src/types.ts';
import { blockLocalStorage } from './cookie-jar.ts';

const { localStorage, indexedDB } = globalThis;
let databases = 0;

const entry = (id: string): Entry => ({
  id,
  profile: 'p',
  body: { user_id: 'ü', n: [null, { a: 1 }] },
  at: 1,
});
const ids = async (store: EntryStore) => (await store.all()).map(({ id }) => id).sort();
const replace = (name: string, value: unknown) =>
  Object.defineProperty(globalThis, name, { configurable: true, writable: true, value });

beforeEach(() => localStorage.clear());
afterEach(() => {
  replace('localStorage', localStorage);
  replace('indexedDB', indexedDB);
});

const freshDatabase = () => indexedDbStore(`test-${++databases}`);

describe.each([
  ['IndexedDB', freshDatabase],
  ['localStorage', () => localStorageStore()],
  ['both', () => withFallback(freshDatabase(), localStorageStore())],
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
    await store.put({ ...entry('1'), page: 'old', held: 1 });
    await store.put(entry('2'));
    const claimed = { ...entry('1'), page: 'new', held: 5 };
    const seen = (await store.all()).filter(({ id }) => id === '1');
    expect(await store.claim(seen, { page: 'new', held: 5 })).toEqual([claimed]);
    expect(await store.all()).toEqual(expect.arrayContaining([claimed, entry('2')]));
  });

  it('of two pages that claim the same entry only one gets it', async () => {
    const store = create();
    await store.put(entry('1'));
    const seen = await store.all();
    const claims = await Promise.all(['a', 'b', 'c'].map(page => store.claim(seen, { page, held: 1 })));
    expect(claims.flat()).toHaveLength(1);
    expect(await store.all()).toEqual(claims.flat());
  });

  it('what is gone cannot be claimed, and does not come back', async () => {
    const store = create();
    await store.put(entry('1'));
    const seen = await store.all();
    await store.remove(['1']);
    expect(await store.claim(seen, { page: 'a', held: 1 })).toEqual([]);
    expect(await store.all()).toEqual([]);
  });
});

it.each(['no entry', null, 5, { id: 5, body: {} }, { id: '1', body: [] }])(
  'IndexedDB: what another script put there is no entry: %j',
  async value => {
    const name = `test-${++databases}`;
    const store = indexedDbStore(name);
    await store.put(entry('1'));
    await new Promise<void>(resolve => {
      const opened = indexedDB.open(name);
      opened.onsuccess = () => {
        const transaction = opened.result.transaction('outbox', 'readwrite');
        transaction.objectStore('outbox').put(value, 'foreign');
        transaction.oncomplete = () => resolve();
      };
    });
    expect(await store.all()).toEqual([entry('1')]);
  },
);

it('IndexedDB gives entries in the order of their ids', async () => {
  const store = freshDatabase();
  for (const id of ['c', 'a', 'b']) await store.put(entry(id));
  expect((await store.all()).map(({ id }) => id)).toEqual(['a', 'b', 'c']);
});

it('two tabs with one IndexedDB see and keep each other’s entries', async () => {
  const [one, other] = [indexedDbStore('shared'), indexedDbStore('shared')];
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

describe('localStorage', () => {
  it('leaves other scripts’ records alone', async () => {
    localStorage.setItem('theirs', 'not JSON');
    localStorage.setItem('utmost_id', '{}');
    const store = localStorageStore();
    await store.put(entry('1'));
    expect(await ids(store)).toEqual(['1']);
  });

  it.each(['', '{"id":', 'null', 'undefined', '[]'])('ignores a corrupt record: %j', async text => {
    const store = localStorageStore();
    await store.put(entry('1'));
    localStorage.setItem('utmost_outbox_0', text);
    expect(await ids(store)).toEqual(['1']);
  });

  it.each(['5', '"text"', '{}', '{"id":"0"}'])('ignores what is JSON and no entry: %s', async text => {
    const store = localStorageStore();
    await store.put(entry('1'));
    localStorage.setItem('utmost_outbox_0', text);
    expect(await store.all()).toEqual([entry('1')]);
  });
});

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
    const store = withFallback(freshDatabase(), localStorageStore());
    await store.put(entry('1'));
    expect(await ids(localStorageStore())).toEqual(['1']);
    expect(await ids(store)).toEqual(['1']);
    await store.remove(['1']);
    expect(await ids(store)).toEqual([]);
  });

  it('is left alone where IndexedDB takes them', async () => {
    const store = withFallback(freshDatabase(), localStorageStore());
    await store.put(entry('1'));
    expect(localStorage).toHaveLength(0);
  });

  it('gives its entries beside those of IndexedDB, and removes from both', async () => {
    const database = freshDatabase();
    const store = withFallback(database, localStorageStore());
    await database.put(entry('1'));
    await localStorageStore().put(entry('2'));
    expect(await ids(store)).toEqual(['1', '2']);
    await store.remove(['1']);
    await store.remove(['2']);
    expect(await ids(store)).toEqual([]);
  });

  it('takes at once what is put while the page is left: a transaction would be lost', async () => {
    const store = withFallback(freshDatabase(), localStorageStore());
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
    const store = withFallback(slow, localStorageStore());
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
    const [database, local] = [freshDatabase(), localStorageStore()];
    await Promise.all([database.put(entry('1')), local.put(entry('1'))]);
    const store = withFallback(database, local);
    expect(await ids(store)).toEqual(['1']);
    const mark = { page: 'a', held: 1 };
    expect(await store.claim(await store.all(), mark)).toEqual([{ ...entry('1'), ...mark }]);
  });

  it('an IndexedDB that worked and fails now is no empty one', async () => {
    const store = withFallback(freshDatabase(), localStorageStore());
    await store.put(entry('1'));
    replace('indexedDB', undefined);
    const broken = withFallback({ ...freshDatabase(), put: async () => {} }, localStorageStore());
    await broken.put(entry('2'));
    await expect(broken.all()).rejects.toThrow();
  });

  it('where everything is blocked only the put rejects', async () => {
    replace('indexedDB', undefined);
    blockLocalStorage();
    const store = withFallback(freshDatabase(), localStorageStore());
    await expect(store.put(entry('1'))).rejects.toThrow();
    await expect(store.remove(['1'])).resolves.toBeUndefined();
    await expect(store.all()).resolves.toEqual([]);
  });
});
