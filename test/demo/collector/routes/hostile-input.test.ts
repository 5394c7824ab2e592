import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { errorOf, useCollector } from '../use-collector.ts';

const { tenant } = useCollector();

describe('hostile input', () => {
  it('is stored as data: __proto__ keys, NUL characters, unpaired surrogates', async () => {
    const { post, get } = tenant();
    await post(
      '{"user_id": "u", "metadata": {"__proto__": {"admin": true}, "n\\u0000": "\\u0000", "s": "\\ud800"}}',
    );
    await post('{"user_id": "u", "campaign": {"utm_source": "a\\u0000b", "__proto__": "x"}}');
    const text = await (await get('/profile?user_id=u')).text();
    expect(text).toContain('"__proto__":{"admin":true}');
    expect(text).toContain('"n\uFFFD":"\uFFFD"');
    expect(text).toContain('"utm_source":"a\uFFFDb"');
    expect(({} as Record<string, unknown>).admin).toBeUndefined();
  });

  it('10,000 levels deep is refused in metadata and ignored where nobody reads it', async () => {
    const { post } = tenant();
    const deep = '{"a":'.repeat(10_000) + 1 + '}'.repeat(10_000);
    expect((await post(`{"user_id": "u", "metadata": ${deep}}`)).status).toBe(400);
    expect((await post(`{"user_id": "u", "else": ${deep}}`)).status).toBe(201);
    expect((await post(deep)).status).toBe(400);
  });

  it('of 1e999 is refused, and not stored as null', async () => {
    const { post } = tenant();
    expect((await post('{"user_id": "u", "metadata": {"a": [1e999]}}')).status).toBe(400);
  });
});

describe('never a 5xx, and all or nothing:', () => {
  const text = fc.string({ unit: 'binary', maxLength: 20 });
  const id = fc.oneof({ weight: 4, arbitrary: fc.constantFrom('u', 'v', null) }, text, fc.jsonValue());
  const time = fc.oneof(
    fc.date().map(String),
    fc.date({ noInvalidDate: true }).map(date => date.toISOString()),
    text,
  );
  const metadata = fc.oneof(fc.dictionary(text, fc.jsonValue({ stringUnit: 'binary' })), fc.jsonValue());
  const body = fc.record(
    {
      user_id: id,
      anonymous_id: id,
      company_id: id,
      company_domain: id,
      session_token: id,
      transaction_id: id,
      action_name: id,
      request: fc.oneof(fc.record({ uri: id, time }, { requiredKeys: [] }), fc.jsonValue()),
      modified_time: time,
      campaign: fc.oneof(fc.dictionary(text, fc.option(text)), fc.jsonValue()),
      metadata,
    },
    { requiredKeys: [] },
  );
  const path = fc.constantFrom('users', 'companies', 'actions');

  it('bodies of any shape', async () => {
    const { send } = tenant();
    const input = fc.oneof({ weight: 5, arbitrary: body }, text, fc.jsonValue());
    await fc.assert(
      fc.asyncProperty(path, input, async (path, input) => {
        expect((await send(`/v1/${path}`, input)).status).toBeLessThan(500);
      }),
      { numRuns: 200 },
    );
  }, 60_000);

  it('batches of any shape', async () => {
    await fc.assert(
      fc.asyncProperty(
        path,
        fc.array(fc.oneof({ weight: 9, arbitrary: body }, text)),
        async (path, items) => {
          const { send, all, get } = tenant();
          const { status } = await send(`/v1/${path}/batch`, items);
          expect(status).toBeLessThan(500);
          if (status < 300) return;
          expect(await all()).toEqual([]);
          expect((await get('/companies?company_id=u')).status).toBe(404);
        },
      ),
      { numRuns: 100 },
    );
  }, 60_000);

  it('bytes and headers of any kind', async () => {
    const { send } = tenant();
    const value = fc.oneof(
      fc.string({ unit: 'grapheme-ascii', maxLength: 30 }),
      fc.constantFrom('gzip', 'application/json', '*/*', 'text/html;q=0', 'charset=utf-8'),
    );
    const names = [
      'Content-Type',
      'Content-Encoding',
      'Accept',
      'User-Agent',
      'X-Moesif-Application-Id',
      'Origin',
    ];
    const headers = fc.dictionary(fc.constantFrom(...names), value);
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 60 }),
      fc.uint8Array().map(raw => gzipSync(raw)),
    );
    await fc.assert(
      fc.asyncProperty(path, fc.boolean(), bytes, headers, async (path, isBatch, bytes, headers) => {
        const answer = await send(`/v1/${path}${isBatch ? '/batch' : ''}`, bytes, headers);
        expect(answer.status).toBeGreaterThanOrEqual(400);
        expect(answer.status).toBeLessThan(500);
        expect(await errorOf(answer)).toMatch(/\.$/);
      }),
      { numRuns: 200 },
    );
  }, 60_000);

  it('questions of any kind', async () => {
    const { post, get } = tenant();
    await post({ user_id: 'u', session_token: 't', metadata: { a: 1 } });
    const names = [
      'q',
      'utm_source',
      'session_token',
      'anonymous_id',
      'user_id',
      'kind',
      'page',
      'limit',
      'company_id',
    ];
    const query = fc.dictionary(fc.constantFrom(...names), fc.oneof(text, fc.constantFrom('u', '1', 't')));
    const place = fc.constantFrom(
      '/profiles',
      '/campaigns',
      '/timeline',
      '/profile',
      '/companies',
      '/export',
    );
    await fc.assert(
      fc.asyncProperty(place, query, async (place, query) => {
        expect((await get(`${place}?${new URLSearchParams(query)}`)).status).toBeLessThan(500);
      }),
      { numRuns: 100 },
    );
  }, 60_000);
});
