import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, vi } from 'vitest';
import { patchFetch } from '../../src/capture/patch-fetch.ts';
import { patchXhr } from '../../src/capture/patch-xhr.ts';
import type { Observer } from '../../src/capture/types.ts';
import { createObserver, textOf } from './capture-world.ts';

const JSON_TYPE = { 'content-type': 'application/json' };
const json = (text = '{"a":1}', init: ResponseInit = {}) =>
  new Response(text, { headers: JSON_TYPE, ...init });

/** A page whose `fetch` is that function, patched. */
function openPage(original: (...parameters: never[]) => unknown, given: Partial<Observer> = {}) {
  const page = {
    fetch: original as typeof fetch,
    Headers,
    document: { baseURI: 'https://example.com/app/' },
  };
  const seen = createObserver(given);
  const stop = patchFetch(page, seen.find);
  const finished = (count = 1) => vi.waitFor(() => expect(seen.finished).toHaveLength(count));
  return { page, stop: () => stop?.(), original, waitForEnd: finished, ...seen };
}

describe('the page’s call', () => {
  it('gets its own parameters, and a Request that can be used', async () => {
    const got: unknown[][] = [];
    const { page, finished, waitForEnd } = openPage(async (...parameters: unknown[]) => {
      got.push(parameters);
      return json(await (parameters[0] as Request).text());
    });
    const request = new Request('https://example.com/x', {
      method: 'POST',
      body: '{"b":2}',
      headers: JSON_TYPE,
    });
    const response = await page.fetch(request);
    expect([await response.text(), got[0]?.[0] === request, got[0]?.length]).toEqual(['{"b":2}', true, 1]);
    await waitForEnd();
    expect(textOf(finished[0]?.requestBody?.bytes)).toBe('{"b":2}');
  });

  it('gets its own promise and its own Response', async () => {
    const response = json();
    const promise = Promise.resolve(response);
    const { page } = openPage(() => promise);
    const result = page.fetch('/x');
    expect([result === promise, (await result) === response]).toEqual([true, true]);
  });

  it('is rejected as it was, and nothing else is rejected', async () => {
    const unhandled = vi.fn();
    process.on('unhandledRejection', unhandled);
    const reason = new DOMException('gone', 'AbortError');
    const { page, finished, waitForEnd } = openPage(() => Promise.reject(reason));
    await expect(page.fetch('/x')).rejects.toBe(reason);
    await waitForEnd();
    const broken = openPage(
      async () =>
        new Response(new ReadableStream({ start: stream => stream.error(reason) }), { headers: JSON_TYPE }),
    );
    await expect((await broken.page.fetch('/x')).text()).rejects.toBe(reason);
    await broken.waitForEnd();
    await sleep(10);
    process.off('unhandledRejection', unhandled);
    expect([finished[0]?.error, finished[0]?.status]).toEqual(['abort', undefined]);
    expect([broken.finished[0]?.error, broken.finished[0]?.status]).toEqual(['abort', 200]);
    expect(unhandled).not.toHaveBeenCalled();
  });

  it('is forwarded with any `this`, and with none and too many parameters', async () => {
    const got: unknown[][] = [];
    const { page, calls } = openPage(function (this: unknown, ...parameters: unknown[]) {
      got.push([this, ...parameters]);
      return Promise.resolve(json());
    });
    const { fetch } = page as unknown as { fetch: (...parameters: unknown[]) => Promise<Response> };
    await fetch();
    await fetch.call('other', '/x', undefined, 3);
    expect(got).toEqual([[page], ['other', '/x', undefined, 3]]);
    expect(calls).toHaveLength(1);
  });

  it('throws what the browser throws', () => {
    const { page } = openPage(() => {
      throw new TypeError('native');
    });
    expect(() => page.fetch('/x')).toThrow('native');
  });

  it('is made even where our own code fails', async () => {
    const { page } = openPage(async () => json(), {
      begin() {
        throw new Error('ours');
      },
    });
    expect(await (await page.fetch('/x')).json()).toEqual({ a: 1 });
    const bad = {
      get method() {
        throw new Error('page');
      },
    };
    expect((await page.fetch('/x', bad as never)).status).toBe(200);
  });
});

describe('what is told', () => {
  it('init counts before the Request: method, headers and signal', async () => {
    const end = new AbortController();
    const { page, calls, finished, waitForEnd } = openPage(async () => {
      end.abort('mine');
      throw end.signal.reason;
    });
    const request = new Request('https://example.com/x', { headers: { a: '1', b: '2' } });
    await expect(
      page.fetch(request, { method: 'put', headers: { c: '3' }, signal: end.signal }),
    ).rejects.toBe('mine');
    await waitForEnd();
    expect(calls[0]).toMatchObject({ verb: 'PUT', requestHeaders: { c: '3' }, url: 'https://example.com/x' });
    expect(finished[0]?.error).toBe('abort');
  });

  it.each<[string, HeadersInit]>([
    ['Headers', new Headers({ 'X-A': '1' })],
    ['an object', { 'X-A': '1' }],
    ['a list of pairs', [['X-A', '1']]],
  ])('headers as %s', async (_, headers) => {
    const { page, calls } = openPage(async () => json());
    await page.fetch('/x', { headers });
    expect(calls[0]?.requestHeaders).toEqual({ 'x-a': '1' });
  });

  it.each([
    ['./y', 'https://example.com/app/y'],
    ['?q=1', 'https://example.com/app/?q=1'],
    ['//cdn.x/y', 'https://cdn.x/y'],
    [new URL('https://a.b/c'), 'https://a.b/c'],
  ])('the address %s', async (url, expected) => {
    const { page, calls } = openPage(async () => json());
    await page.fetch(url);
    expect(calls[0]?.url).toBe(expected);
  });

  it('a timeout of AbortSignal.timeout', async () => {
    const signal = AbortSignal.abort(new DOMException('late', 'TimeoutError'));
    const { page, finished, waitForEnd } = openPage(() => Promise.reject(signal.reason));
    await page.fetch('/x', { signal }).catch(() => {});
    await waitForEnd();
    expect(finished[0]?.error).toBe('timeout');
  });

  it('an answer that the browser does not show: neither status nor body', async () => {
    const response = Response.error();
    const { page, finished, waitForEnd } = openPage(async () => response);
    await page.fetch('/x');
    await waitForEnd();
    expect([finished[0]?.status, finished[0]?.responseBody]).toEqual([0, undefined]);
  });
});

describe('a body', () => {
  it('of the request that is a stream is not touched', async () => {
    let isLocked = true;
    const body = new ReadableStream();
    const { page, finished, waitForEnd } = openPage(async () => {
      isLocked = body.locked;
      return json();
    });
    await page.fetch('/x', { method: 'POST', body, duplex: 'half' } as RequestInit);
    await waitForEnd();
    expect([isLocked, finished[0]?.requestBody]).toEqual([false, { isTruncated: true }]);
  });

  it('is copied before the page reads it, and both get all of it', async () => {
    const { page, finished, waitForEnd } = openPage(async () => json('{"long":"text"}'));
    expect(await (await page.fetch('/x')).json()).toEqual({ long: 'text' });
    await waitForEnd();
    expect(textOf(finished[0]?.responseBody?.bytes)).toBe('{"long":"text"}');
  });

  it.each([['text/event-stream'], ['application/x-ndjson'], ['application/octet-stream'], ['video/mp4']])(
    'of type %s is not cloned',
    async type => {
      const response = new Response('x', { headers: { 'content-type': type } });
      const clone = vi.spyOn(response, 'clone');
      const { page, waitForEnd } = openPage(async () => response);
      await page.fetch('/x');
      await waitForEnd();
      expect(clone).not.toHaveBeenCalled();
    },
  );

  it('that is too large by its length is not cloned', async () => {
    const response = json('{}', { headers: { ...JSON_TYPE, 'content-length': '1001' } });
    const clone = vi.spyOn(response, 'clone');
    const { page, finished, waitForEnd } = openPage(async () => response);
    await page.fetch('/x');
    await waitForEnd();
    expect([clone.mock.calls, finished[0]?.responseBody]).toEqual([[], undefined]);
  });

  it('that never ends is let go at the limit: what the page reads is kept for nobody', async () => {
    let pulled = 0;
    const endless = new ReadableStream<Uint8Array>({
      pull(stream) {
        pulled++;
        stream.enqueue(new Uint8Array(600).fill(97));
      },
    });
    const { page, finished, waitForEnd } = openPage(
      async () => new Response(endless, { headers: JSON_TYPE }),
    );
    const response = await page.fetch('/x');
    await waitForEnd();
    expect(finished[0]?.responseBody).toMatchObject({ isTruncated: true });
    expect(finished[0]?.responseBody?.bytes).toHaveLength(1000);
    await sleep(20);
    expect(pulled).toBeLessThan(8);
    const reader = response.body?.getReader();
    for (let index = 0; index < 50; index++) expect((await reader?.read())?.value).toHaveLength(600);
    await reader?.cancel();
  });

  it('that does not come is waited for no longer than the limit, and the page goes on', async () => {
    let controller: ReadableStreamDefaultController<Uint8Array> | undefined;
    const slow = new ReadableStream<Uint8Array>({
      start(given) {
        controller = given;
        given.enqueue(new TextEncoder().encode('{"a":'));
      },
    });
    const { page, finished, waitForEnd } = openPage(async () => new Response(slow, { headers: JSON_TYPE }), {
      bodyTimeout: 20,
    });
    const response = await page.fetch('/x');
    await waitForEnd();
    expect([textOf(finished[0]?.responseBody?.bytes), finished[0]?.responseBody?.isTruncated]).toEqual([
      '{"a":',
      true,
    ]);
    controller?.enqueue(new TextEncoder().encode('1}'));
    controller?.close();
    expect(await response.json()).toEqual({ a: 1 });
  });

  it('is not read any more once the page is left', async () => {
    const { page, finished, waitForEnd, leave } = openPage(
      async () => new Response(new ReadableStream(), { headers: JSON_TYPE }),
      { bodyTimeout: 60_000 },
    );
    await page.fetch('/x');
    leave();
    await waitForEnd();
    expect(finished[0]?.responseBody?.isTruncated).toBe(true);
  });

  it('that a wrapper has read already is left out', async () => {
    const response = json();
    await response.text();
    const { page, finished, waitForEnd } = openPage(async () => response);
    expect(await page.fetch('/x')).toBe(response);
    await waitForEnd();
    expect([finished[0]?.status, finished[0]?.responseBody]).toEqual([200, undefined]);
  });

  it('of a call that is skipped is never read', async () => {
    const response = json();
    const clone = vi.spyOn(response, 'clone');
    const { page, finished, asked } = openPage(async () => response, { isKept: () => false });
    await page.fetch('/x');
    await sleep(5);
    expect([clone.mock.calls, finished, asked]).toEqual([[], [], []]);
  });

  it('of a call is decided about once', async () => {
    const { page, asked, waitForEnd } = openPage(async () => json());
    await page.fetch('/x');
    await waitForEnd();
    expect(asked).toHaveLength(1);
  });
});

describe('being there with others', () => {
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
