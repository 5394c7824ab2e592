import { describe, expect, it } from 'vitest';
import { BodyScanner } from '../../../../demo/collector/routes/body-scanner.ts';
import { errorOf, useCollector } from '../use-collector.ts';

const { tenant } = useCollector();

/** Splits a text that arrives in pieces of some bytes. */
function splitBatch(text: string, step = 3): string[] {
  const scanner = new BodyScanner(true);
  const bytes = Buffer.from(text);
  for (let from = 0; from < bytes.length; from += step) scanner.push(bytes.subarray(from, from + step));
  return scanner.end().map(String);
}

describe('splitting', () => {
  it.each([
    ['[1]', ['1']],
    [' [ {"a": "]},["} , [1, [2]] ,"x" ]\n', ['{"a": "]},["} ', '[1, [2]] ', '"x" ']],
    ['["\\\\", "\\""]', ['"\\\\"', '"\\""']],
    ['[1,]', ['1', '']],
  ])('%s', (text, items) => {
    for (const step of [1, 2, 3, 1000]) expect(splitBatch(text, step)).toEqual(items);
  });

  it.each(['', '{}', '1', '[', '[1', '["', '[1] x', '[1]]', '[}', '[]', `[${'1,'.repeat(1000)}1]`])(
    'refuses %j',
    text => {
      expect(() => splitBatch(text)).toThrow(/^The (batch|body)/);
    },
  );

  it.each([
    ['brackets', '['.repeat(30_000), /^Item 0: Each item must be nested at most/],
    ['commas', `[1${','.repeat(1001)}`, /at most 1000 items/],
    ['values', `[1, [${'1,'.repeat(100_001)}`, /^Item 1: Each item must hold at most 100000 values/],
    ['keys', `[{${'"a":1,'.repeat(12_001)}`, /^Item 0: Each item must have at most 12000 keys/],
    ['bytes', `["${'x'.repeat(2 ** 20)}`, /^Item 0: Each item must be at most 1 MB/],
  ])('refuses too many %s before the body has ended', (_, start, sentence) => {
    expect(() => new BodyScanner(true).push(Buffer.from(start))).toThrow(sentence);
  });
});

describe('a batch of users', () => {
  it('answers each with its ids, in the order they came', async () => {
    const { send, user } = tenant();
    const batch = [
      { user_id: 'u1', metadata: { n: 1 } },
      { anonymous_id: 'a' },
      { user_id: 'u1', anonymous_id: 'a', metadata: { m: 2 } },
    ];
    const answer = await send('/v1/users/batch', batch);
    expect(answer.status).toBe(201);
    expect(await answer.json()).toEqual([
      { user_id: 'u1', anonymous_id: null },
      { user_id: null, anonymous_id: 'a' },
      { user_id: 'u1', anonymous_id: 'a' },
    ]);
    expect(await user('u1')).toMatchObject({ anonymous_ids: ['a'], metadata: { n: 1, m: 2 } });
    expect((await send('/v1/users/batch', batch)).status).toBe(200);
  });

  it('takes 1000 and no more, and not none', async () => {
    const { send, all } = tenant();
    const users = Array.from({ length: 1001 }, (_, n) => ({ user_id: `u${n}`, metadata: { n } }));
    expect(await errorOf(await send('/v1/users/batch', users))).toMatch(/at most 1000/);
    expect(await errorOf(await send('/v1/users/batch', []))).toMatch(/1 to 1000/);
    expect(await errorOf(await send('/v1/users/batch', { user_id: 'u' }))).toMatch(/array of 1 to 1000/);
    expect((await send('/v1/users/batch', users.slice(1))).status).toBe(201);
    expect(await all('?limit=1000')).toHaveLength(1000);
  });

  it.each([
    [{ user_id: 7 }, 'user_id'],
    [{}, 'user_id'],
    [{ user_id: 'v', modified_time: 'soon' }, 'modified_time'],
    [{ user_id: 'v', campaign: { utm_source: 1 } }, 'campaign.utm_source'],
    [{ user_id: 'v', metadata: [] }, 'metadata'],
    ['no object', undefined],
  ])('with %j is refused whole, naming the index and the field', async (wrong, field) => {
    const { send, all } = tenant();
    const answer = await send('/v1/users/batch', [
      { user_id: 'u', metadata: { n: 1 } },
      { user_id: 'w' },
      wrong,
    ]);
    expect(answer.status).toBe(400);
    const body = (await answer.json()) as { error: string; index: number; field?: string };
    expect(body.index).toBe(2);
    expect(body.field).toBe(field);
    expect(body.error).toMatch(/^Item 2: /);
    if (field) expect(body.error).toContain(field);
    expect(await all()).toEqual([]);
  });

  it('may have 1 MB for each item, and is 413 with the index past that', async () => {
    const { send } = tenant();
    const sized = (user_id: string, size: number) => ({ user_id, metadata: { text: 'x'.repeat(size) } });
    const large = Array.from({ length: 4 }, (_, n) => sized(`u${n}`, 2 ** 20 - 64));
    expect((await send('/v1/users/batch', large)).status).toBe(201);
    const answer = await send('/v1/users/batch', [...large, sized('v', 2 ** 20)]);
    expect(answer.status).toBe(413);
    expect(await answer.json()).toMatchObject({ index: 4 });
  }, 60_000);
});

describe('companies', () => {
  it('are created, merged and read like users', async () => {
    const { id, send, get } = tenant();
    const first = {
      company_id: 'c',
      company_domain: 'acme.example',
      session_token: 't',
      modified_time: '2024-05-31T12:00:00Z',
      campaign: { utm_source: 'news' },
      metadata: { plan: 'pro', size: { staff: 7 } },
    };
    const answer = await send('/v1/companies', first);
    expect(answer.status).toBe(201);
    expect(await answer.json()).toEqual({ company_id: 'c' });
    expect((await send('/v1/companies', { company_id: 'c', metadata: { size: { sites: 2 } } })).status).toBe(
      200,
    );
    expect(await (await get('/companies?company_id=c')).json()).toEqual({
      application_id: id,
      company_id: 'c',
      company_domain: 'acme.example',
      session_tokens: ['t'],
      campaign: { utm_source: 'news' },
      metadata: { plan: 'pro', size: { staff: 7, sites: 2 } },
      ip_address: '192.0.2.7',
      user_agent_string: 'test',
      created_time: '2024-05-31T12:00:00.000Z',
      modified_time: expect.any(String),
    });
    expect(await errorOf(await get('/companies?company_id=nobody'))).toMatch(/^There is no company/);
  });

  it('need a company_id, come in batches, and are neither users nor found by their tokens', async () => {
    const { send, all } = tenant();
    expect(await errorOf(await send('/v1/companies', { company_domain: 'x' }))).toMatch(
      /^company_id is missing/,
    );
    const batch = [{ company_id: 'c1', session_token: 't' }, { company_id: 'c2' }];
    expect(await (await send('/v1/companies/batch', batch)).json()).toEqual([
      { company_id: 'c1' },
      { company_id: 'c2' },
    ]);
    expect(await all()).toEqual([]);
    expect(await all('?session_token=t')).toEqual([]);
  });
});

describe('actions', () => {
  const action = { action_name: 'Signed Up', request: { uri: 'https://x.example/' } };

  it('need an action_name and request.uri', async () => {
    const { send } = tenant();
    expect((await send('/v1/actions', action)).status).toBe(201);
    expect(await errorOf(await send('/v1/actions', { request: { uri: '/' } }))).toMatch(/^action_name/);
    expect(await errorOf(await send('/v1/actions', { action_name: 'A' }))).toMatch(/^request must/);
    expect(await errorOf(await send('/v1/actions', { ...action, request: {} }))).toMatch(
      /^request\.uri is missing/,
    );
    const late = { ...action, request: { uri: '/', time: 'now' } };
    expect(await errorOf(await send('/v1/actions', late))).toMatch(/^request\.time must/);
  });

  it('with a transaction_id that was there before are dropped, also within a batch, and succeed', async () => {
    const { post, send, timeline } = tenant();
    await post({ user_id: 'u', modified_time: '2020-01-01T00:00:00Z' });
    const first = { ...action, user_id: 'u', transaction_id: 't1', metadata: { n: 1 } };
    expect((await send('/v1/actions', first)).status).toBe(201);
    expect((await send('/v1/actions', { ...first, metadata: { n: 2 } })).status).toBe(201);
    const batch = [
      first,
      { ...first, transaction_id: 't2' },
      { ...first, transaction_id: 't2', metadata: { n: 3 } },
    ];
    expect((await send('/v1/actions/batch', batch)).status).toBe(201);
    const stored = (await timeline('user_id=u')).filter(({ type }) => type === 'action');
    expect(stored.map(({ body }) => body.metadata)).toEqual([{ n: 1 }, { n: 1 }]);
  });

  it('of another application may have the same transaction_id', async () => {
    const [one, two] = [tenant(), tenant()];
    for (const { post, send, timeline } of [one, two]) {
      await post({ user_id: 'u' });
      await send('/v1/actions', { ...action, user_id: 'u', transaction_id: 'same' });
      expect(await timeline('user_id=u')).toHaveLength(2);
    }
  });
});
