// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { EntryStore } from '../../src/storage/entry-store.ts';
import { withFallback } from '../../src/storage/fallback-entries.ts';
import { localStorageEntries } from '../../src/storage/local-storage-entries.ts';
import { MemoryStore } from '../world.ts';
import { blockLocalStorage } from './cookie-jar.ts';
import { entry, freshDatabase, replace } from './entries-world.ts';

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
    [
      'remove',
      store => {
        // Nothing has to be removed from a store that this page has not used.
        void store.all();
        return store.remove(['1']);
      },
    ],
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
