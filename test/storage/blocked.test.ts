// @vitest-environment happy-dom
import { describe, expect, it } from 'vitest';
import { decode, encode } from '../../src/storage/codec.ts';
import { readRaw } from '../../src/storage/cookie-store.ts';
import { settled } from '../world.ts';
import { blockLocalStorage } from './cookie-jar.ts';
import { blocked, browser, nextTask, open } from './store-world.ts';

describe('where cookies are blocked', () => {
  it('a record goes to localStorage', async () => {
    blocked();
    open().save('a', { b: 1 });
    await nextTask();
    expect(decode(localStorage.getItem('a') ?? '')).toEqual({ b: 1 });
    expect(open().load('a')).toEqual({ b: 1 });
  });

  it('it is there at the end of the task of the call, for a redirect may follow', async () => {
    blocked();
    open().save('a', { b: 1 });
    await settled();
    expect(decode(localStorage.getItem('a') ?? '')).toEqual({ b: 1 });
  });

  it('and by a cookie that cannot be written over, its stale value is not read', async () => {
    const jar = browser();
    jar.write(`a=${encode({ b: 'stale' })};domain=example.com`);
    jar.accepts = () => false;
    const store = open();
    store.save('a', { b: 'fresh' });
    await nextTask();
    expect(store.load('a')).toEqual({ b: 'fresh' });
  });

  it('and storage too, it lives as long as the page', async () => {
    blocked();
    blockLocalStorage();
    const store = open();
    store.save('a', { b: 1 });
    store.save('a', { b: 2 });
    await nextTask();
    expect(store.load('a')).toEqual({ b: 2 });
    expect(open().load('a')).toBeUndefined();
  });

  it('even where touching a cookie throws', async () => {
    const fail = () => {
      throw new DOMException('sandboxed', 'SecurityError');
    };
    Object.defineProperty(document, 'cookie', { configurable: true, get: fail, set: fail });
    blockLocalStorage();
    const store = open();
    store.save('a', { b: 1 });
    await nextTask();
    expect(store.load('a')).toEqual({ b: 1 });
    expect(readRaw('a')).toBeUndefined();
    expect(store.site()).toBe('example.com');
  });

  it('for a moment, the next cookie wins over what localStorage then kept', async () => {
    const jar = browser();
    const store = open();
    jar.accepts = () => false;
    store.save('a', { b: 'stale' });
    await nextTask();
    jar.accepts = () => true;
    store.save('a', { b: 'fresh' });
    await nextTask();
    expect([store.load('a'), open().load('a')]).toEqual([{ b: 'fresh' }, { b: 'fresh' }]);
  });
});
