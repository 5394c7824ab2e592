// @vitest-environment happy-dom
import { describe, expect, it } from 'vitest';
import { localStorageEntries } from '../../src/storage/local-storage-entries.ts';
import { entry, ids } from './entries-world.ts';

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
