import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, vi } from 'vitest';
import { textOf } from './capture-world.ts';
import { JSON_TYPE, json, openPage } from './fetch-world.ts';

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

  it('keeps headers that can be gone through only once', async () => {
    const { page, calls } = openPage(async (_: unknown, { headers }: RequestInit) => {
      expect([...new Headers(headers)]).toEqual([['x-a', '1']]);
      return json();
    });
    await page.fetch('/x', { headers: new Map([['X-A', '1']]).entries() as never });
    expect(calls[0]?.requestHeaders).toEqual({});
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
