import { describe, expect, it } from 'vitest';
import { patchFetch } from '../../src/capture/patch-fetch.ts';
import { patchXhr } from '../../src/capture/patch-xhr.ts';
import { createObserver } from './capture-world.ts';
import { openXhrPage } from './fake-xhr.ts';
import { json, openPage } from './fetch-world.ts';

describe('fetch', () => {
  it('stop puts the first function back', () => {
    const { page, original, stop } = openPage(async () => json());
    expect(page.fetch).not.toBe(original);
    stop();
    expect(page.fetch).toBe(original);
  });

  it('stop leaves a later wrapper in place, and is a plain passage below it', async () => {
    const { page, stop, calls } = openPage(async () => json());
    const below = page.fetch;
    const theirs: typeof fetch = (...parameters) => below(...parameters);
    page.fetch = theirs;
    stop();
    expect(page.fetch).toBe(theirs);
    expect(await (await page.fetch('/x')).json()).toEqual({ a: 1 });
    expect(calls).toEqual([]);
  });

  it.each<[string, () => object]>([
    ['frozen', () => Object.freeze({ fetch, Headers })],
    [
      'behind a getter',
      () => ({
        get fetch() {
          return fetch;
        },
        Headers,
      }),
    ],
    ['not there', () => ({ Headers })],
  ])('a fetch that is %s is left alone', (_, make) => {
    expect(patchFetch(make() as never, createObserver().find)).toBeUndefined();
  });

  it('a polyfill that fetches by XMLHttpRequest is told once', async () => {
    class Xhr extends EventTarget {
      open() {}
      send() {}
      setRequestHeader() {}
    }
    const page = {
      XMLHttpRequest: Xhr as unknown as typeof XMLHttpRequest,
      Headers,
      document: { baseURI: 'https://example.com/' },
      fetch: (async (url: string) => {
        await 0;
        const xhr = new page.XMLHttpRequest();
        xhr.open('GET', url);
        xhr.send();
        return json();
      }) as typeof fetch,
    };
    const { find, calls } = createObserver();
    patchXhr(page, find);
    patchFetch(page, find);
    await page.fetch('/x');
    expect(calls.map(({ kind }) => kind)).toEqual(['fetch']);
    const own = new page.XMLHttpRequest();
    own.open('GET', '/x');
    own.send();
    expect(calls.map(({ kind }) => kind)).toEqual(['fetch', 'xhr']);
  });
});

describe('XMLHttpRequest', () => {
  it('stop puts the first functions back', () => {
    const { Xhr, natives, stop } = openXhrPage();
    expect(Xhr.prototype.open).not.toBe(natives.open?.value);
    stop();
    for (const name of ['open', 'send', 'abort', 'setRequestHeader'] as const)
      expect(Xhr.prototype[name]).toBe(natives[name]?.value);
  });

  it('stop leaves a later wrapper in place, and is a plain passage below it', () => {
    const { Xhr, stop, calls, got } = openXhrPage();
    const below = Xhr.prototype.send;
    const theirs = function (this: InstanceType<typeof Xhr>, ...parameters: unknown[]) {
      below.apply(this, parameters);
    };
    Xhr.prototype.send = theirs;
    stop();
    expect(Xhr.prototype.send).toBe(theirs);
    const xhr = new Xhr();
    xhr.open('GET', '/x');
    xhr.send();
    expect([calls, got.length]).toEqual([[], 2]);
  });

  it('a prototype that is frozen, or not there, is left alone', () => {
    const { Xhr, page } = openXhrPage();
    Object.freeze(Xhr.prototype);
    const { find } = createObserver();
    expect(patchXhr(page, find)).toBeUndefined();
    expect(patchXhr({ ...page, XMLHttpRequest: undefined } as never, find)).toBeUndefined();
  });
});
