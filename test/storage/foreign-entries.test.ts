// @vitest-environment happy-dom
import { describe, expect, it } from 'vitest';
import type { Entry } from '../../src/shared/types.ts';
import { indexedDbEntries } from '../../src/storage/indexeddb-entries.ts';
import { localStorageEntries } from '../../src/storage/local-storage-entries.ts';
import { entry, freshDatabase, freshName, ids } from './entries-world.ts';

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
    const name = freshName();
    const store = indexedDbEntries(name);
    await store.put(entry('1'));
    await inDatabase(name, records => records.put(record, '0'));
    expect(await store.all()).toEqual([entry('1')]);
    await expect.poll(() => inDatabase(name, records => records.getAllKeys())).toEqual(['1']);
  });

  it.each([0, new Date(0), ['0']])('IndexedDB: an entry under the key %o is removed', async key => {
    const name = freshName();
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
    const name = freshName();
    const store = indexedDbEntries(name);
    await store.put(entry('0'));
    await store.put(entry('1'));
    const seen = await store.all();
    await inDatabase(name, records => records.put(foreign({ body: cycle }), '0'));
    expect((await store.claim(seen, { owner: 'a', ownedSince: 1 })).map(({ id }) => id)).toEqual(['1']);
  });
});
