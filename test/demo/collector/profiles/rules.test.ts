import { describe, expect, it } from 'vitest';
import { errorOf, useCollector } from '../use-collector.ts';

const { tenant } = useCollector();
const day = (n: number) => `2024-01-0${n}T00:00:00Z`;

describe('modified_time', () => {
  it('that is older never overwrites newer values, and still adds what was not there', async () => {
    const { post, user } = tenant();
    const newer = { plan: 'gold', sales: { stage: 'customer' }, list: [2] };
    const older = { plan: 'free', sales: { stage: 'lead', owner: 'mary' }, list: [1], old: true };
    await post({
      user_id: 'u',
      modified_time: day(2),
      company_id: 'new',
      campaign: { utm_source: 'b' },
      metadata: newer,
    });
    const answer = await post({
      user_id: 'u',
      modified_time: day(1),
      company_id: 'old',
      campaign: { utm_source: 'a', utm_term: 't' },
      metadata: older,
    });
    expect(answer.status).toBe(200);
    expect(await user('u')).toMatchObject({
      company_id: 'new',
      campaign: { utm_source: 'b', utm_term: 't' },
      metadata: { plan: 'gold', sales: { stage: 'customer', owner: 'mary' }, list: [2], old: true },
      created_time: '2024-01-01T00:00:00.000Z',
      modified_time: '2024-01-02T00:00:00.000Z',
    });
  });

  it('goes by the key: what an update did not touch is as old as it was', async () => {
    const { post, user } = tenant();
    await post({ user_id: 'u', modified_time: day(1), metadata: { a: 1, b: 1 } });
    await post({ user_id: 'u', modified_time: day(3), metadata: { a: 3 } });
    await post({ user_id: 'u', modified_time: day(2), metadata: { a: 2, b: 2 } });
    expect((await user('u')).metadata).toEqual({ a: 3, b: 2 });
  });

  it('that is absent is the newest, also after one from a clock that is ahead', async () => {
    const { post, user } = tenant();
    await post({ user_id: 'u', modified_time: '2999-01-01T00:00:00Z', metadata: { plan: 'future' } });
    await post({ user_id: 'u', metadata: { plan: 'now' } });
    expect((await user('u')).metadata).toEqual({ plan: 'now' });
  });

  it('keeps a campaign field that a newer update took away from coming back', async () => {
    const { post, user } = tenant();
    await post({ user_id: 'u', modified_time: day(2), campaign: { utm_source: 'b', utm_term: null } });
    await post({ user_id: 'u', modified_time: day(1), campaign: { utm_source: 'a', utm_term: 'a' } });
    expect((await user('u')).campaign).toEqual({ utm_source: 'b' });
  });
});

describe('the type of a key in metadata', () => {
  it('is the one it was first seen with, at any depth, for the whole application', async () => {
    const { post, send, user } = tenant();
    await post({ user_id: 'u', metadata: { phone: '123' } });
    const wrong = { first_name: 'Ada', additional_info: { phone: 123 } };
    for (const [path, body] of [
      ['/v1/users', { user_id: 'u', metadata: wrong }],
      ['/v1/users', { anonymous_id: 'a', metadata: wrong }],
      ['/v1/companies', { company_id: 'c', metadata: wrong }],
      ['/v1/actions', { action_name: 'A', request: { uri: '/' }, metadata: wrong }],
    ] as const) {
      const answer = await send(path, body);
      expect(answer.status).toBe(400);
      const { error, field } = (await answer.json()) as { error: string; field: string };
      expect(error).toMatch(/^metadata\.additional_info\.phone is a number, but .* phone is a string/);
      expect(field).toBe('metadata.additional_info.phone');
    }
    expect((await user('u')).metadata).toEqual({ phone: '123' });
    expect((await tenant().post({ user_id: 'u', metadata: wrong })).status).toBe(201);
  });

  it.each([
    [{ k: 'a' }, { k: 1 }],
    [{ k: 1 }, { k: true }],
    [{ k: true }, { k: {} }],
    [{ k: {} }, { k: [] }],
    [{ k: [] }, { k: 'a' }],
    [{ list: [{ k: 1 }] }, { k: 'a' }],
    [{ 'a.b': 1 }, { a_b: 'a' }],
    [{ ['x'.repeat(300)]: 1 }, { ['x'.repeat(300)]: 'a' }],
  ])('%j goes with itself and not with %j', async (first, second) => {
    const { post } = tenant();
    for (const metadata of [first, first])
      expect((await post({ user_id: 'u', metadata })).status).toBeLessThan(300);
    expect(await errorOf(await post({ user_id: 'u', metadata: second }))).toMatch(
      /^metadata\..*, but in this/s,
    );
    expect((await post({ user_id: 'u', metadata: first })).status).toBe(200);
  });

  it('is not told by null, which goes with all, nor by what an array holds', async () => {
    const { post, user } = tenant();
    for (const metadata of [
      { k: null, l: [1] },
      { k: 1, l: ['a'] },
      { k: null },
      { k: 2 },
      { l: [null, {}] },
    ]) {
      expect((await post({ user_id: 'u', metadata })).status).toBeLessThan(300);
    }
    expect((await user('u')).metadata).toEqual({ k: 2, l: [null, {}] });
  });

  it('may not be two in one update, and a refused update teaches nothing', async () => {
    const { post } = tenant();
    expect((await post({ user_id: 'u', metadata: { a: { k: 1 }, k: 'x', fresh: 1 } })).status).toBe(400);
    expect((await post({ user_id: 'u', metadata: { k: 'x', fresh: 'x' } })).status).toBe(201);
  });
});

describe('a profile', () => {
  it('never grows past 1 MB, in however small steps', async () => {
    const { post, user } = tenant();
    const text = 'x'.repeat(400_000);
    for (const key of ['a', 'b'])
      expect((await post({ user_id: 'u', metadata: { [key]: text } })).status).toBeLessThan(300);
    const answer = await post({ user_id: 'u', metadata: { c: text } });
    expect(answer.status).toBe(413);
    expect(await errorOf(answer)).toMatch(/user u would be larger than 1 MB/);
    expect(Object.keys((await user('u')).metadata)).toEqual(['a', 'b']);
  });
});
