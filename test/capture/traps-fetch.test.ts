import { expect, it, vi } from 'vitest';
import { textOf } from './capture-world.ts';
import { JSON_TYPE, json, openPage } from './fetch-world.ts';

/** Makes one call of fetch, and returns what was recorded. */
async function call(original: (...parameters: never[]) => unknown, ...parameters: unknown[]) {
  const world = openPage(original);
  const { fetch } = world.page as { fetch: (...given: unknown[]) => Promise<Response> };
  await fetch(...parameters).catch(() => {});
  await world.waitForEnd();
  return world.finished[0];
}
/** Answers with a body of that type whose copies are counted. */
function counted(headers: Record<string, string>, body: BodyInit = 'x') {
  const response = new Response(body, { headers });
  return [response, vi.spyOn(response, 'clone')] as const;
}

const FETCH: Record<string, () => Promise<unknown>> = {
  'a Request is used by the page’s call alone, and its body is told': async () => {
    const request = new Request('https://a.b/', { method: 'POST', body: '{}', headers: JSON_TYPE });
    const told = await call(async (given: Request) => {
      expect([given, await given.text()]).toEqual([request, '{}']);
      return json();
    }, request);
    expect(textOf(told?.requestBody?.bytes)).toBe('{}');
  },
  'a stream that is sent stays unlocked': async () => {
    const body = new ReadableStream();
    const told = await call(async () => json(`${body.locked}`), '/x', {
      method: 'POST',
      body,
    });
    expect([textOf(told?.responseBody?.bytes), told?.requestBody]).toEqual(['false', { isTruncated: true }]);
  },
  'what init says counts before the Request': async () => {
    const request = new Request('https://a.b/', { headers: { a: '1' } });
    const told = await call(async () => json(), request, { method: 'PUT', headers: { b: '2' } });
    expect([told?.verb, told?.requestHeaders]).toEqual(['PUT', { b: '2' }]);
  },
  'headers are a list of pairs, too': async () => {
    const told = await call(async () => json(), '/x', { headers: [['X-A', '1']] });
    expect(told?.requestHeaders).toEqual({ 'x-a': '1' });
  },
  'the promise is the page’s own': async () => {
    const promise = Promise.resolve(json());
    expect(openPage(() => promise).page.fetch('/x')).toBe(promise);
  },
  'the Response is the page’s own': async () => {
    const response = json();
    expect(await openPage(async () => response).page.fetch('/x')).toBe(response);
  },
  'a stream of events is not copied': async () => {
    for (const type of [
      'text/event-stream',
      'application/x-ndjson',
      'multipart/x-mixed-replace',
      'video/mp4',
    ]) {
      const [response, clone] = counted({ 'content-type': type });
      await call(async () => response, '/x');
      expect(clone).not.toHaveBeenCalled();
    }
  },
  'a body that is too large by its length is not copied': async () => {
    const [response, clone] = counted({ ...JSON_TYPE, 'content-length': '1001' });
    await call(async () => response, '/x');
    expect(clone).not.toHaveBeenCalled();
  },
  'a copy is let go at its limit, and at the limit of time': async () => {
    for (const size of [600, 0]) {
      const response = json();
      const cancel = vi.fn();
      const pull = (stream: ReadableStreamDefaultController) => {
        if (size) stream.enqueue(new Uint8Array(size));
      };
      response.clone = () => new Response(new ReadableStream({ pull, cancel }));
      const { page, finished, waitForEnd } = openPage(async () => response, {
        bodyTimeout: size ? 60_000 : 20,
      });
      await page.fetch('/x');
      await waitForEnd();
      expect([cancel.mock.calls.length, finished[0]?.responseBody?.isTruncated]).toEqual([1, true]);
    }
  },
  'a body that was read already is left out': async () => {
    const response = json();
    await response.text();
    expect((await call(async () => response, '/x'))?.status).toBe(200);
  },
  'an answer that is not shown has no body': async () => {
    const told = await call(async () => Response.error(), '/x');
    expect([told?.status, told?.responseBody]).toEqual([0, undefined]);
  },
  'an abort is told, also with a reason of the page’s own': async () => {
    const signal = AbortSignal.abort('mine');
    expect((await call(() => Promise.reject('mine'), '/x', { signal }))?.error).toBe('abort');
  },
  'a timeout is no abort': async () => {
    const reason = new DOMException('', 'TimeoutError');
    const signal = AbortSignal.abort(reason);
    expect((await call(() => Promise.reject(reason), '/x', { signal }))?.error).toBe('timeout');
  },
  'a page on its way out is asked for no bodies': async () => {
    const { page, finished, leave, waitForEnd } = openPage(
      async () => new Response(new ReadableStream(), { headers: JSON_TYPE }),
      { bodyTimeout: 60_000 },
    );
    await page.fetch('/x');
    leave();
    await waitForEnd();
    expect(finished[0]?.responseBody?.isTruncated).toBe(true);
  },
  'this and parameters are forwarded, however many': async () => {
    const seen = vi.fn(async function (this: unknown, ...given: unknown[]) {
      return [this, ...given];
    });
    const { fetch } = openPage(seen).page as unknown as { fetch: (...given: unknown[]) => Promise<unknown> };
    expect(await fetch.call('self', 1, 2, 3)).toEqual(['self', 1, 2, 3]);
    expect(await fetch.call('self')).toEqual(['self']);
    const { page, calls } = openPage(seen);
    const { fetch: plain } = page as unknown as { fetch: (...given: unknown[]) => Promise<unknown> };
    expect([await plain(), calls]).toEqual([[page], []]);
  },
  'headers that can be gone through only once are the page’s': async () => {
    const headers = new Map([['a', '1']]).entries();
    await call(async () => json(), '/x', { headers });
    expect([...headers]).toEqual([['a', '1']]);
  },
  'the call is made where our own code fails': async () => {
    const begin = () => {
      throw new Error('ours');
    };
    expect((await openPage(async () => json(), { begin }).page.fetch('/x')).status).toBe(200);
  },
};

it.each(Object.entries(FETCH))('%s', async (_, check) => {
  await check();
});
