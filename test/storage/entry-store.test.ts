// @vitest-environment happy-dom
import 'fake-indexeddb/auto';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Entry } from '../../src/shared/types.ts';
import {
  type EntryStore,
  indexedDbEntries,
  localStorageEntries,
  withFallback,
} from '../../src/storage/entry-store.ts';
import { MemoryStore } from '../world.ts';
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

const freshDatabase = () => indexedDbEntries(`test-${++databases}`);

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

/** Does something with the records of a database, as any script of the site can. */
const inDatabase = <T>(name: string, use: (records: IDBObjectStore) => IDBRequest<T>) =>
  new Promise<T>(resolve => {
    const opened = indexedDB.open(name);
    opened.onsuccess = () => {
      const transaction = opened.result.transaction('outbox', 'readwrite');
      const request = use(transaction.objectStore('outbox'));
      transaction.oncomplete = () => resolve(request.result);
    };
  });

const cycle: Record<string, unknown> = {};
cycle.self = cycle;
const foreign = (fields: object) => ({ ...entry('0'), ...fields });
const NO_JSON: [string, unknown][] = [
  ['a body with a BigInt', foreign({ body: { user_id: 'u', n: 1n } })],
  ['a body with a cycle', foreign({ body: cycle })],
  ['a field of its own with a BigInt', foreign({ more: 1n })],
  ['a date for a body', foreign({ body: new Date(0) })],
  ['bytes', new Uint8Array(8)],
];
const NO_ENTRY: [string, unknown][] = [
  ['a text', 'no entry'],
  ['null', null],
  ['a number', 5],
  ['a list', [entry('0')]],
  ['an id that is a number', foreign({ id: 5 })],
  ['the id of another record', foreign({ id: '1' })],
  ['a list for a body', foreign({ body: [] })],
  ['a text for a body', foreign({ body: '{}' })],
  ['no body', foreign({ body: undefined })],
  ['a profile that is a number', foreign({ profile: 7 })],
  ['a profile that is an object', foreign({ profile: { toString: 1 } })],
  ['no profile', foreign({ profile: undefined })],
  ['a time that is a text', foreign({ at: '2026-01-15' })],
  ['a time that is no number', foreign({ at: Number.NaN })],
  ['no time', foreign({ at: undefined })],
  ['another path', foreign({ kind: '../../admin/delete' })],
  ['a path that an object inherits', foreign({ kind: 'constructor' })],
  ['a path with more', foreign({ kind: 'users/batch' })],
  ['a kind that is a list', foreign({ kind: ['users'] })],
];

describe('what another script put into the outbox', () => {
  it.each([...NO_JSON, ...NO_ENTRY])('IndexedDB: %s is removed alone', async (_, record) => {
    const name = `test-${++databases}`;
    const store = indexedDbEntries(name);
    await store.put(entry('1'));
    await inDatabase(name, records => records.put(record, '0'));
    expect(await store.all()).toEqual([entry('1')]);
    await expect.poll(() => inDatabase(name, records => records.getAllKeys())).toEqual(['1']);
  });

  it.each([0, new Date(0), ['0']])('IndexedDB: an entry under the key %o is removed', async key => {
    const name = `test-${++databases}`;
    const store = indexedDbEntries(name);
    await store.put(entry('1'));
    await inDatabase(name, records => records.put(entry('0'), key));
    expect(await ids(store)).toEqual(['1']);
    await expect.poll(() => inDatabase(name, records => records.getAllKeys())).toEqual(['1']);
  });

  it.each(NO_ENTRY)('localStorage: %s is removed alone', async (_, record) => {
    const store = localStorageEntries();
    await store.put(entry('1'));
    localStorage.setItem('utmost_outbox_0', JSON.stringify(record));
    expect(await store.all()).toEqual([entry('1')]);
    expect(Object.keys(localStorage)).toEqual(['utmost_outbox_1']);
  });

  it.each([undefined, 'users', 'companies', 'actions'])('is an entry where its kind is %s', async kind => {
    const store = freshDatabase();
    await store.put(foreign({ kind }) as Entry);
    expect(await ids(store)).toEqual(['0']);
  });

  it.each([
    ['owner', { owner: { toString: 1 }, ownedSince: 1 }],
    ['owner, a number', { owner: 4, ownedSince: 1 }],
    ['ownedSince', { owner: 'p', ownedSince: 'yesterday' }],
    ['ownedSince, no number', { owner: 'p', ownedSince: Number.NaN }],
    ['touch', { touch: { at: 1 } }],
  ])('is nobody’s where its owner is none, and can be claimed: %s', async (_, fields) => {
    for (const store of [freshDatabase(), localStorageEntries()]) {
      await store.put(foreign(fields) as Entry);
      const seen = await store.all();
      expect(seen.map(({ owner, ownedSince }) => [owner, ownedSince])).toEqual([[undefined, undefined]]);
      const mark = { owner: 'new', ownedSince: 5 };
      expect(await store.claim(seen, mark)).toMatchObject([{ id: '0', ...mark }]);
      expect(await store.all()).toMatchObject([{ id: '0', ...mark }]);
    }
  });

  it('brings nothing of its own: an entry is taken without fields that none has', async () => {
    for (const store of [freshDatabase(), localStorageEntries()]) {
      await store.put(foreign({ settle: 'no function', isUnmergeable: true }) as Entry);
      const [found] = await store.all();
      expect(found).toEqual(entry('0'));
      expect(Object.keys(found ?? {})).not.toContain('settle');
    }
  });

  it('does not hinder a claim, though it came between reading and claiming', async () => {
    const name = `test-${++databases}`;
    const store = indexedDbEntries(name);
    await store.put(entry('0'));
    await store.put(entry('1'));
    const seen = await store.all();
    await inDatabase(name, records => records.put(foreign({ body: cycle }), '0'));
    expect((await store.claim(seen, { owner: 'a', ownedSince: 1 })).map(({ id }) => id)).toEqual(['1']);
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

describe('localStorage', () => {
  it('leaves other scripts’ records alone', async () => {
    localStorage.setItem('theirs', 'not JSON');
    localStorage.setItem('utmost_id', '{}');
    const store = localStorageEntries();
    await store.put(entry('1'));
    expect(await ids(store)).toEqual(['1']);
  });

  it.each(['', '{"id":', 'null', 'undefined', '[]'])('ignores a corrupt record: %j', async text => {
    const store = localStorageEntries();
    await store.put(entry('1'));
    localStorage.setItem('utmost_outbox_0', text);
    expect(await ids(store)).toEqual(['1']);
  });

  it.each(['5', '"text"', '{}', '{"id":"0"}', '{"id":"0","body":{}}'])(
    'ignores what is JSON and no entry: %s',
    async text => {
      const store = localStorageEntries();
      await store.put(entry('1'));
      localStorage.setItem('utmost_outbox_0', text);
      expect(await store.all()).toEqual([entry('1')]);
    },
  );
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

  it('where everything is blocked only the put rejects', async () => {
    replace('indexedDB', undefined);
    blockLocalStorage();
    const store = withFallback(freshDatabase(), localStorageEntries());
    await expect(store.put(entry('1'))).rejects.toThrow();
    await expect(store.remove(['1'])).resolves.toBeUndefined();
    await expect(store.all()).resolves.toEqual([]);
  });
});

describe('an IndexedDB that does not answer', () => {
  const PATIENCE = 2000;
  const LONG = 60_000;
  beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
  afterEach(() => void vi.useRealTimers());

  /** A store whose calls wait until `answer` is called. */
  const hanging = (inner: EntryStore = new MemoryStore()) => {
    const waiting: (() => void)[] = [];
    let isAwake = false;
    const wait = () => (isAwake ? Promise.resolve() : new Promise<void>(resolve => waiting.push(resolve)));
    const store: EntryStore = {
      put: each => wait().then(() => inner.put(each)),
      remove: gone => wait().then(() => inner.remove(gone)),
      clear: () => wait().then(() => inner.clear()),
      all: () => wait().then(() => inner.all()),
      claim: (seen, mark) => wait().then(() => inner.claim(seen, mark)),
    };
    const answer = async () => {
      isAwake = true;
      for (const resolve of waiting.splice(0)) resolve();
      await vi.advanceTimersByTimeAsync(0);
    };
    const hang = () => {
      isAwake = false;
    };
    return { inner, store, answer, hang };
  };
  /** What a promise comes to within that time; undefined while it is open. */
  const within = async <T>(
    promise: Promise<T>,
    time: number,
  ): Promise<{ value?: T; error?: unknown } | undefined> => {
    let result: { value?: T; error?: unknown } | undefined;
    promise.then(
      value => {
        result = { value };
      },
      error => {
        result = { error };
      },
    );
    await vi.advanceTimersByTimeAsync(time);
    return result;
  };

  const CALLS: [string, (store: EntryStore) => Promise<unknown>][] = [
    ['put', store => store.put(entry('1'))],
    ['all', store => store.all()],
    ['claim', store => store.claim([], { owner: 'a', ownedSince: 1 })],
    ['remove', store => store.remove(['1'])],
    ['wipe', store => store.clear()],
  ];
  it.each(CALLS)('%s is passed over after 2 s', async (_, call) => {
    const store = withFallback(hanging().store, localStorageEntries());
    const result = call(store);
    expect(await within(result, PATIENCE - 1)).toBeUndefined();
    expect(await within(result, 1)).toMatchObject({});
  });

  it.each(CALLS)('%s does not wait again, while an answer is owed', async (_, call) => {
    const store = withFallback(hanging().store, localStorageEntries());
    await within(store.all(), PATIENCE);
    expect(await within(call(store), 0)).toMatchObject({});
  });

  it('an open that fires no event is passed over, too', async () => {
    replace('indexedDB', { open: () => ({}), databases: () => new Promise(() => {}) });
    const store = withFallback(freshDatabase(), localStorageEntries());
    expect(await within(store.put(entry('1')), PATIENCE)).toEqual({});
    expect(await within(store.all(), 0)).toEqual({ value: [entry('1')] });
    await within(store.clear(), 0);
    expect(localStorage).toHaveLength(0);
  });

  it('leaves localStorage to hold, give and remove the entries', async () => {
    const store = withFallback(hanging().store, localStorageEntries());
    await within(store.put(entry('1')), PATIENCE);
    const mark = { owner: 'a', ownedSince: 1 };
    expect(await within(store.claim([entry('1')], mark), 0)).toEqual({ value: [{ ...entry('1'), ...mark }] });
    await within(store.remove(['1']), 0);
    expect(await within(store.all(), 0)).toEqual({ value: [] });
  });

  it('is used again once it answers: what was put meanwhile moves there', async () => {
    const { store: slow, inner, answer } = hanging();
    const store = withFallback(slow, localStorageEntries());
    await within(store.put(entry('1')), PATIENCE);
    expect(localStorage).toHaveLength(1);
    await answer();
    expect(localStorage).toHaveLength(0);
    expect(await inner.all()).toEqual([entry('1')]);
    await within(store.put(entry('2')), 0);
    expect(await within(store.all(), 0)).toEqual({ value: [entry('1'), entry('2')] });
  });

  it('and did before is no empty one', async () => {
    const { store: slow, answer, hang } = hanging();
    const store = withFallback(slow, localStorageEntries());
    await answer();
    await within(store.put(entry('1')), 0);
    hang();
    const result = await within(store.all(), PATIENCE);
    expect(result).toHaveProperty('error');
  });

  it('loses nothing where localStorage takes nothing either: the put rejects', async () => {
    blockLocalStorage();
    const store = withFallback(hanging().store, localStorageEntries());
    expect(await within(store.put(entry('1')), PATIENCE)).toHaveProperty('error');
  });

  it('keeps no timer for an answer that came', async () => {
    const { store: quick, answer } = hanging();
    await answer();
    const store = withFallback(quick, localStorageEntries());
    await within(store.put(entry('1')), 0);
    expect(vi.getTimerCount()).toBe(0);
    await within(store.all(), LONG);
  });
});
