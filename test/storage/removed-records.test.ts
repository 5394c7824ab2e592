// @vitest-environment happy-dom
import { describe, expect, it } from 'vitest';
import { encode } from '../../src/storage/codec.ts';
import { settled } from '../world.ts';
import { blocked, browser, nextTask, open } from './store-world.ts';

describe('a wiped record', () => {
  it('is nowhere any more: not on the domain, on the host, in storage, or in memory', async () => {
    const jar = browser();
    jar.write(`a=${encode({ on: 'the host' })}`);
    jar.write(`b=${encode({})}`);
    localStorage.setItem('a', encode({ in: 'localStorage' }));
    sessionStorage.setItem('a', 'x');
    const store = open();
    store.save('a', { on: 'the domain' });
    await settled();
    store.remove('a');
    await nextTask();
    expect(store.load('a')).toBeUndefined();
    expect(jar.cookies.map(({ name }) => name)).toEqual(['b']);
    expect([localStorage.getItem('a'), sessionStorage.getItem('a')]).toEqual([null, null]);
  });

  it('that was in memory alone is gone as well', async () => {
    blocked();
    const store = open();
    store.save('a', { b: 1 });
    await settled();
    store.remove('a');
    expect(store.load('a')).toBeUndefined();
  });

  it('is not written any more at the end of the task', async () => {
    const jar = browser();
    const store = open();
    store.save('a', { b: 1 });
    store.remove('a');
    await nextTask();
    expect(store.load('a')).toBeUndefined();
    expect(jar.cookies).toEqual([]);
  });
});
