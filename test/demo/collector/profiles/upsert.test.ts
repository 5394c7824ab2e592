import { describe, expect, it } from 'vitest';
import { useCollector } from '../use-collector.ts';

const { tenant } = useCollector();

describe('upsert', () => {
  it('answers 201 with the ids for a new user and 200 for a known one', async () => {
    const { post } = tenant();
    const first = await post({ user_id: 'u', anonymous_id: 'a' });
    expect(first.status).toBe(201);
    expect(await first.json()).toEqual({ user_id: 'u', anonymous_id: 'a' });
    expect((await post({ user_id: 'u' })).status).toBe(200);
    expect((await post({ anonymous_id: 'b' })).status).toBe(201);
    expect((await post({ anonymous_id: 'b' })).status).toBe(200);
  });

  it('stores the documented fields, and what the request tells of those left out', async () => {
    const { id, post, user } = tenant();
    await post({
      user_id: 'u',
      company_id: 'c',
      session_token: 's',
      modified_time: '2024-05-31T12:00:00Z',
      campaign: { utm_source: 'news' },
      metadata: { plan: 'gold' },
    });
    expect(await user('u')).toEqual({
      application_id: id,
      user_id: 'u',
      company_id: 'c',
      anonymous_ids: [],
      session_tokens: ['s'],
      campaign: { utm_source: 'news' },
      channel: 'Unassigned',
      metadata: { plan: 'gold' },
      ip_address: '192.0.2.7',
      user_agent_string: 'test',
      created_time: '2024-05-31T12:00:00.000Z',
      identified_time: '2024-05-31T12:00:00.000Z',
      modified_time: '2024-05-31T12:00:00.000Z',
    });
  });

  it('merges metadata and campaign with what is stored', async () => {
    const { post, user } = tenant();
    await post({
      user_id: 'u',
      campaign: { utm_source: 'a', utm_term: 't' },
      metadata: { x: { y: 1 }, l: [1] },
    });
    await post({
      user_id: 'u',
      campaign: { utm_source: 'b', utm_term: null },
      metadata: { x: { 'z.z': 2 }, l: [2] },
    });
    expect(await user('u')).toMatchObject({
      campaign: { utm_source: 'b' },
      metadata: { x: { y: 1, z_z: 2 }, l: [2] },
    });
    expect((await user('u')).campaign).not.toHaveProperty('utm_term');
  });

  it('keeps every session token, each once, in the order they came', async () => {
    const { post, user } = tenant();
    const long = 'eyJ'.repeat(2000);
    for (const session_token of ['t2', long, 't1', 't2']) await post({ user_id: 'u', session_token });
    expect((await user('u')).session_tokens).toEqual(['t2', long, 't1']);
  });

  it('keeps the data of two applications apart', async () => {
    const [one, two] = [tenant(), tenant()];
    await one.post({ user_id: 'u', metadata: { a: 1 } });
    expect((await two.post({ user_id: 'u', metadata: { b: 1 } })).status).toBe(201);
    expect((await one.user('u')).metadata).toEqual({ a: 1 });
    expect((await two.user('u')).metadata).toEqual({ b: 1 });
  });

  it('loses none of the updates to one user that come at once', async () => {
    const { post, user } = tenant();
    const keys = Array.from({ length: 20 }, (_, index) => `k${index}`);
    const answers = await Promise.all(
      keys.map(key => post({ user_id: 'u', metadata: { deep: { [key]: 1 } } })),
    );
    expect(answers.filter(answer => answer.status === 201)).toHaveLength(1);
    expect(Object.keys((await user('u')).metadata.deep as object).sort()).toEqual([...keys].sort());
  });
});

describe('an anonymous visitor', () => {
  it('is a profile without a user_id', async () => {
    const { post, all } = tenant();
    await post({ anonymous_id: 'a', campaign: { gclid: 'g' } });
    expect(await all()).toMatchObject([{ user_id: null, anonymous_ids: ['a'], campaign: { gclid: 'g' } }]);
  });

  it('becomes part of the user who logs in: campaign, metadata, tokens and the earlier first visit', async () => {
    const { post, all } = tenant();
    const visit = {
      modified_time: '2024-01-01T00:00:00Z',
      campaign: { utm_source: 'news' },
      metadata: { a: 1, b: 1 },
    };
    await post({ anonymous_id: 'a', session_token: 's1', ...visit });
    await post({ user_id: 'u', anonymous_id: 'a', session_token: 's2', metadata: { b: 2 } });
    expect(await all()).toMatchObject([
      {
        user_id: 'u',
        anonymous_ids: ['a'],
        session_tokens: ['s1', 's2'],
        campaign: { utm_source: 'news' },
        metadata: { a: 1, b: 2 },
        created_time: '2024-01-01T00:00:00.000Z',
      },
    ]);
  });

  it('never blends its campaign into one that the user has', async () => {
    const { post, user } = tenant();
    await post({ anonymous_id: 'a', campaign: { utm_source: 'news', utm_term: 'boats' } });
    await post({ user_id: 'u', anonymous_id: 'a', campaign: { utm_source: 'ads' } });
    expect((await user('u')).campaign).toEqual({ utm_source: 'ads' });
  });

  it('once merged, is the user also when it posts alone', async () => {
    const { post, all } = tenant();
    await post({ user_id: 'u', anonymous_id: 'a' });
    const answer = await post({ anonymous_id: 'a', campaign: { utm_source: 'late' } });
    expect(answer.status).toBe(200);
    expect(await answer.json()).toEqual({ user_id: 'u', anonymous_id: 'a' });
    expect(await all()).toMatchObject([{ user_id: 'u', campaign: { utm_source: 'late' } }]);
  });

  it('stays with its first user when a second one comes with it, who gets nothing of the first', async () => {
    const { post, user } = tenant();
    await post({ anonymous_id: 'a', campaign: { utm_source: 'news' } });
    await post({ user_id: 'first', anonymous_id: 'a' });
    await post({ user_id: 'second', anonymous_id: 'a' });
    await post({ anonymous_id: 'a', metadata: { later: true } });
    expect(await user('first')).toMatchObject({
      campaign: { utm_source: 'news' },
      metadata: { later: true },
    });
    expect(await user('second')).toMatchObject({ anonymous_ids: ['a'], campaign: {}, metadata: {} });
  });
});
