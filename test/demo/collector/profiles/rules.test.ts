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
    const soon = new Date(Date.now() + 50_000).toISOString();
    await post({ user_id: 'u', modified_time: soon, metadata: { plan: 'future' } });
    await post({ user_id: 'u', metadata: { plan: 'now' } });
    expect(await user('u')).toMatchObject({ metadata: { plan: 'now' }, modified_time: soon });
  });

  it('more than a minute ahead counts as now', async () => {
    const { post, send, user, timeline } = tenant();
    const before = Date.now();
    const far = '9999-12-31T23:59:59Z';
    await post({ user_id: 'u', modified_time: far, metadata: { plan: 'pinned' } });
    await send('/v1/actions', { user_id: 'u', action_name: 'A', request: { uri: '/', time: far } });
    const later = new Date(Date.now() + 10).toISOString();
    await post({ user_id: 'u', modified_time: later, metadata: { plan: 'honest' } });
    const { metadata, modified_time } = await user('u');
    expect(metadata).toEqual({ plan: 'honest' });
    expect(modified_time).toBe(later);
    for (const { time } of await timeline('user_id=u')) {
      expect(Date.parse(time)).toBeGreaterThanOrEqual(before);
      expect(Date.parse(time)).toBeLessThan(before + 60_000);
    }
  });

  it('keeps a campaign field that a newer update took away from coming back', async () => {
    const { post, user } = tenant();
    await post({ user_id: 'u', modified_time: day(2), campaign: { utm_source: 'b', utm_term: null } });
    await post({ user_id: 'u', modified_time: day(1), campaign: { utm_source: 'a', utm_term: 'a' } });
    expect((await user('u')).campaign).toEqual({ utm_source: 'b' });
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

  it('has no more keys than fit, in however many updates', async () => {
    const { post } = tenant();
    const key = 'k'.repeat(80);
    const update = (from: number) => ({
      user_id: 'u',
      metadata: Object.fromEntries(Array.from({ length: 6000 }, (_, n) => [`${key}${from + n}`, null])),
    });
    expect((await post(update(0))).status).toBe(201);
    const answer = await post(update(6000));
    expect(answer.status).toBe(413);
    expect(await errorOf(answer)).toMatch(/user u would (be larger|have too many keys)/);
  });

  it('takes of a campaign the known fields alone, and 1,024 characters of each', async () => {
    const { post, user } = tenant();
    const other = Object.fromEntries(Array.from({ length: 5000 }, (_, n) => [`c${n}`, n % 2 ? null : 1]));
    const long = `${'x'.repeat(1023)}😀`;
    expect(
      (await post({ user_id: 'u', campaign: { ...other, utm_source: 'news', referrer: long } })).status,
    ).toBe(201);
    expect((await user('u')).campaign).toEqual({ utm_source: 'news', referrer: `${'x'.repeat(1023)}\uFFFD` });
  });
});
