import { expect, test } from 'vitest';
import { describeInEachEngine } from './in-each-engine.ts';
import { capture } from './site.ts';

describeInEachEngine(({ site, run, until, close }) => {
  test('a call of fetch and one of XMLHttpRequest are recorded with their bodies, and secrets redacted', async () => {
    const { tab, result } = await run(`async () => {
        const body = JSON.stringify({ name: 'Rex', password: 'p' });
        const headers = { 'Content-Type': 'application/json', Authorization: 'Bearer 1' };
        const request = new Request('/api/echo?token=t', { method: 'POST', body, headers });
        const first = await (await fetch(request)).json();
        const second = await new Promise(resolve => {
          const xhr = new XMLHttpRequest();
          xhr.open('POST', new URL('/api/echo', location.href));
          xhr.setRequestHeader('Content-Type', 'application/json');
          xhr.onload = () => resolve(JSON.parse(xhr.responseText));
          xhr.send(body);
        });
        return [first.name, second.name, unhandled];
      }`);
    expect(result).toEqual(['Rex', 'Rex', []]);
    const recorded = [...(await until(2))].sort((a, b) =>
      `${capture(a).kind}` < `${capture(b).kind}` ? -1 : 1,
    );
    for (const event of recorded) {
      expect(event.request).toMatchObject({ verb: 'POST', body: { name: 'Rex', password: '_redacted_' } });
      expect(event.response).toMatchObject({ status: 200, body: { name: 'Rex', password: '_redacted_' } });
      expect(event.anonymous_id).toMatch(/^[\da-f-]{36}$/);
    }
    expect(recorded.map(event => capture(event).kind)).toEqual(['fetch', 'xhr']);
    expect(recorded[0]?.request.uri).toBe(`http://localhost:${site().port}/api/echo?token=_redacted_`);
    expect(recorded[0]?.request.headers.authorization).toBe('_redacted_');
    await close(tab);
  });

  test('an endless answer is the page’s alone past the limit', async () => {
    const { tab, result } = await run(`async () => {
        const response = await fetch('/api/endless');
        const reader = response.body.getReader();
        let bytes = 0;
        while (bytes < 30e6) bytes += (await reader.read()).value.length;
        await reader.cancel();
        return bytes;
      }`);
    expect(result).toBeGreaterThan(29e6);
    await until(1);
    expect(capture(site().events[0]).truncated).toEqual(['response.body']);
    expect(`${site().events[0]?.response?.body}`.length).toBeLessThan(140_000);
    await close(tab);
  });

  test.each(['json', 'arraybuffer', 'blob', 'document'])(
    'an XMLHttpRequest of responseType %s is no error in the page',
    async type => {
      const { tab, result } = await run(`() => new Promise(resolve => {
          window.onerror = message => resolve(message);
          const xhr = new XMLHttpRequest();
          xhr.open('GET', './api/json');
          xhr.responseType = '${type}';
          xhr.onloadend = () => setTimeout(() => resolve(xhr.status), 20);
          xhr.send();
        })`);
      expect(result).toBe(200);
      await until(1);
      const { response } = site().events[0] ?? {};
      expect([response?.status, response?.body]).toEqual([
        200,
        type === 'json' ? { id: 7, token: '_redacted_' } : undefined,
      ]);
      await close(tab);
    },
  );

  test('a request that its own handler aborts once it is done has its status and body', async () => {
    const { tab } = await run(`() => new Promise(resolve => {
        const xhr = new XMLHttpRequest();
        xhr.onreadystatechange = () => {
          if (xhr.readyState !== 4) return;
          xhr.abort();
          resolve();
        };
        xhr.open('GET', '/api/json');
        xhr.send();
      })`);
    await until(1);
    expect(site().events).toHaveLength(1);
    expect(site().events[0]?.response).toMatchObject({ status: 200, body: { id: 7 } });
    expect(capture(site().events[0])).not.toHaveProperty('error');
    await close(tab);
  });

  test('aborts, timeouts and network errors of both are told, without a response', async () => {
    const { tab } = await run(`async () => {
        const end = new AbortController();
        setTimeout(() => end.abort(), 20);
        await fetch('/api/never?fetch=abort', { signal: end.signal }).catch(() => {});
        const xhr = (query, act) => new Promise(resolve => {
          const xhr = new XMLHttpRequest();
          xhr.open('GET', '/api/never?' + query);
          xhr.onloadend = resolve;
          act(xhr);
          xhr.send();
          if (query === 'xhr=abort') setTimeout(() => xhr.abort(), 20);
        });
        await xhr('xhr=abort', () => {});
        await xhr('xhr=timeout', xhr => { xhr.timeout = 30; });
        await fetch('http://localhost:1/?fetch=network').catch(() => {});
      }`);
    await until(4);
    const told = site().events.map(event => [
      new URL(event.request.uri).search,
      capture(event).error,
      event.response,
    ]);
    expect(told).toEqual([
      ['?fetch=abort', 'abort', undefined],
      ['?xhr=abort', 'abort', undefined],
      ['?xhr=timeout', 'timeout', undefined],
      ['?fetch=network', 'network', undefined],
    ]);
    await close(tab);
  });

  test('one object opened twice is two calls, and a synchronous one is recorded, too', async () => {
    const { tab, result } = await run(`async () => {
        const xhr = new XMLHttpRequest();
        xhr.open('GET', '/api/never');
        xhr.send();
        xhr.open('GET', '/api/fails', false);
        xhr.setRequestHeader('X-A', '1');
        xhr.setRequestHeader('x-a', '2');
        xhr.send();
        try { xhr.setRequestHeader('X-B', '1'); } catch (error) { return [xhr.status, error.name, Object.keys(xhr)]; }
      }`);
    expect(result).toEqual([503, 'InvalidStateError', []]);
    await until(2);
    expect(site().events.map(event => [event.response?.status, capture(event).error])).toEqual([
      [undefined, 'abort'],
      [503, undefined],
    ]);
    expect(site().events[1]?.request.headers['x-a']).toBe('1, 2');
    await close(tab);
  });
});
