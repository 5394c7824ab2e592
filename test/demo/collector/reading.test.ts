import { describe, expect, it } from 'vitest';
import { errorOf, useCollector } from '../use-collector.ts';

const { request, tenant } = useCollector();

describe('reading', () => {
  it('lists the newest modified first, page by page', async () => {
    const { post, get, all } = tenant();
    for (const day of [2, 3, 1])
      await post({ user_id: `d${day}`, modified_time: `2024-01-0${day}T00:00:00Z` });
    const ids = async (query: string) => (await all(query)).map(profile => profile.user_id);
    expect(await ids('')).toEqual(['d3', 'd2', 'd1']);
    expect(await ids('?limit=2')).toEqual(['d3', 'd2']);
    expect(await ids('?limit=2&page=2')).toEqual(['d1']);
    expect(await errorOf(await get('/profiles?limit=0'))).toMatch(/^limit must/);
    expect(await errorOf(await get('/profiles?page=x'))).toMatch(/^page must/);
  });

  it('finds a user by any id, however it is spelled', async () => {
    const { post, user } = tenant();
    for (const user_id of ['a/b', '100%', 'ä ö', '../x', '?q=1#h']) {
      await post({ user_id });
      expect((await user(user_id)).user_id).toBe(user_id);
    }
  });

  it('answers 404 with a sentence for a user that is not there, and for an id that can not be', async () => {
    const { get } = tenant();
    for (const path of ['/profiles/nobody', '/profiles/a%00b', '/profiles/%E0%A4%A']) {
      const answer = await get(path);
      expect(answer.status).toBe(404);
      expect(await errorOf(answer)).toMatch(/^There is no user/);
    }
  });

  it('tells an open dashboard who has changed', async () => {
    const { id, post } = tenant();
    const answer = await request('/profiles/events');
    expect(answer.headers.get('Content-Type')).toContain('text/event-stream');
    const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader();
    await post({ user_id: 'u' });
    let text = '';
    while (!text.includes('data:')) text += (await reader?.read())?.value ?? 'data:';
    await reader?.cancel();
    expect(text).toContain(
      `event: profile\ndata: {"application_id":"${id}","user_id":"u","anonymous_id":null}`,
    );
  });
});

describe('another origin', () => {
  it('may post JSON with the three documented headers, and learns so for ten minutes', async () => {
    const answer = await request('/v1/users', {
      method: 'OPTIONS',
      headers: {
        Origin: 'https://www.example.test',
        'Access-Control-Request-Method': 'POST',
        'Access-Control-Request-Headers': 'content-type,x-moesif-application-id,x-moesif-sdk,x-other',
      },
    });
    expect(answer.status).toBe(204);
    expect(answer.headers.get('Access-Control-Allow-Origin')).toBe('*');
    expect(answer.headers.get('Access-Control-Allow-Methods')).toBe('POST,GET');
    expect(answer.headers.get('Access-Control-Allow-Headers')).toBe(
      'Content-Type,X-Moesif-Application-Id,X-Moesif-SDK',
    );
    expect(answer.headers.get('Access-Control-Max-Age')).toBe('600');
  });

  it('may read errors as well as answers, and Retry-After with them', async () => {
    const { post } = tenant();
    for (const [body, headers, status] of [
      [{ user_id: 'u' }, {}, 201],
      ['{', {}, 400],
      [{ user_id: 'u' }, { 'X-Moesif-Application-Id': '' }, 401],
      ['x'.repeat(2 ** 21), {}, 413],
    ] as const) {
      const answer = await post(body, headers);
      expect(answer.status).toBe(status);
      expect(answer.headers.get('Access-Control-Allow-Origin')).toBe('*');
      expect(answer.headers.get('Access-Control-Expose-Headers')).toBe('Retry-After');
    }
  });

  it('may not read the profiles', async () => {
    const answer = await request('/profiles', { headers: { Origin: 'https://www.example.test' } });
    expect(answer.headers.get('Access-Control-Allow-Origin')).toBeNull();
  });
});

describe('refusals', () => {
  it('401 without an application id, before the body is looked at', async () => {
    const { post } = tenant();
    for (const id of ['', ' ', 'two words', 'x'.repeat(600)]) {
      const answer = await post('{', { 'X-Moesif-Application-Id': id });
      expect(answer.status).toBe(401);
      expect(await errorOf(answer)).toMatch(/X-Moesif-Application-Id/);
    }
    expect((await request('/v1/users', { method: 'POST', body: '{"user_id":"u"}' })).status).toBe(401);
  });

  it('405 with Allow for another method', async () => {
    for (const [path, method, allow] of [
      ['/v1/users', 'GET', 'POST'],
      ['/v1/users', 'DELETE', 'POST'],
      ['/profiles', 'POST', 'GET, HEAD'],
    ] as const) {
      const answer = await request(path, { method });
      expect(answer.status).toBe(405);
      expect(answer.headers.get('Allow')).toBe(allow);
      expect(await errorOf(answer)).toContain(method);
    }
  });

  it('413 past 1 MB, and not before', async () => {
    const { post } = tenant();
    const sized = (bytes: number) =>
      JSON.stringify({ user_id: 'u', metadata: { a: 'x'.repeat(bytes - 36) } });
    expect((await post(sized(2 ** 20))).status).toBe(201);
    expect((await post(sized(2 ** 20 + 64))).status).toBe(413);
  });
});
