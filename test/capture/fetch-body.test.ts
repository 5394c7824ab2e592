import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, vi } from 'vitest';
import { textOf } from './capture-world.ts';
import { JSON_TYPE, json, openPage } from './fetch-world.ts';

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
