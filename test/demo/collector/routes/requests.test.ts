import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { createCollector } from '../../../../demo/collector/app.ts';
import { errorOf, READ_TOKEN, useCollector } from '../use-collector.ts';

const collector = useCollector();
const { request, tenant } = collector;

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
    expect(answer.status).toBe(403);
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

  it('401 for an application id that is not among those allowed', async () => {
    const app = createCollector({
      database: collector.database,
      readToken: READ_TOKEN,
      applicationIds: ['ours'],
    });
    const post = (id: string) =>
      app.request('/v1/users', {
        method: 'POST',
        headers: { 'X-Moesif-Application-Id': id },
        body: '{"user_id": "u"}',
      });
    expect((await post('ours')).status).toBe(201);
    const answer = await post('theirs');
    expect(answer.status).toBe(401);
    expect(await errorOf(answer)).toMatch(/not known here/);
  });

  it('404 for what is not in the API', async () => {
    const { send } = tenant();
    for (const path of ['/v1/event', '/v1/users/u', '/v2/users', '/v1/users/batch/x']) {
      const answer = await send(path, {});
      expect(answer.status).toBe(404);
      expect(await errorOf(answer)).toMatch(/nothing at this address/);
    }
  });

  it('406 where the sender takes no JSON, and not for what browsers and clients send', async () => {
    const { post } = tenant();
    for (const accept of ['text/html', 'application/xml', 'application/json;q=0', '*/*;q=0', 'text/*']) {
      expect((await post({ user_id: 'u' }, { Accept: accept })).status, accept).toBe(406);
    }
    for (const accept of ['', '*/*', 'application/json', 'text/html, */*;q=0.1', 'application/*;q=0.5']) {
      expect((await post({ user_id: 'u' }, { Accept: accept })).status, accept).toBeLessThan(300);
    }
  });

  it('415 for a body that is no JSON by its own account', async () => {
    const { post } = tenant();
    for (const headers of [
      { 'Content-Type': 'text/html' },
      { 'Content-Type': 'multipart/form-data; boundary=x' },
      { 'Content-Type': 'application/json; charset=latin1' },
      { 'Content-Encoding': 'br' },
      { 'Content-Encoding': 'gzip, gzip' },
    ]) {
      const answer = await post({ user_id: 'u' }, headers);
      expect(answer.status, JSON.stringify(headers)).toBe(415);
      expect(await errorOf(answer)).toMatch(/^The (charset|Content)/);
    }
    // The documented curl example has curl's own type.
    const form = { 'Content-Type': 'application/x-www-form-urlencoded' };
    expect((await post({ user_id: 'u' }, form)).status).toBe(201);
    expect((await post({ user_id: 'u' }, { 'Content-Type': 'application/json; charset=utf-8' })).status).toBe(
      200,
    );
  });

  it('405 with Allow for another method', async () => {
    for (const [path, method, allow] of [
      ['/v1/users', 'GET', 'POST, DELETE'],
      ['/v1/actions/batch', 'PUT', 'POST'],
      ['/v1/companies', 'PUT', 'POST, DELETE'],
      ['/v1/companies/batch', 'DELETE', 'POST'],
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

describe('a gzip body', () => {
  const gzip = { 'Content-Encoding': 'gzip' };

  it('is read like any other', async () => {
    const { post, user } = tenant();
    expect((await post(gzipSync('{"user_id": "u", "metadata": {"ä": "ö"}}'), gzip)).status).toBe(201);
    expect((await user('u')).metadata).toEqual({ ä: 'ö' });
  });

  it('is 413 past the limit when unpacked, and no more of it is unpacked', async () => {
    const { post, send } = tenant();
    const bomb = gzipSync(Buffer.alloc(200 * 2 ** 20, ' '));
    expect(bomb.length).toBeLessThan(2 ** 20);
    const before = process.memoryUsage().arrayBuffers;
    expect((await post(bomb, gzip)).status).toBe(413);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(20 * 2 ** 20);
    expect((await send('/v1/users/batch', bomb, gzip)).status).toBe(413);
  });

  it('is 400 where it is none, or cut off, or no UTF-8', async () => {
    const { post } = tenant();
    const whole = gzipSync('{"user_id": "u"}');
    for (const body of [Buffer.from('{"user_id": "u"}'), whole.subarray(0, 20), Buffer.alloc(0)]) {
      expect(await errorOf(await post(body, gzip))).toMatch(/gzip/);
    }
    expect(await errorOf(await post(Buffer.from([0x7b, 0xff, 0x7d])))).toMatch(/UTF-8/);
  });
});
