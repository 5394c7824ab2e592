import { describe, expect, it } from 'vitest';
import { useCollector } from '../use-collector.ts';

const collector = useCollector();
const { tenant } = collector;

describe('at once', () => {
  it('100 updates of disjoint keys of one user are all there', async () => {
    const { post, user, timeline } = tenant();
    const keys = Array.from({ length: 100 }, (_, n) => `k${n}`);
    const answers = await Promise.all(
      keys.map(key => post({ user_id: 'u', metadata: { deep: { [key]: 1 } } })),
    );
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(99);
    expect(Object.keys((await user('u')).metadata.deep as object).sort()).toEqual(keys.toSorted());
    expect(await timeline('user_id=u')).toHaveLength(100);
  });

  it('of two types first seen for a key, one wins and the other is left out', async () => {
    const { post } = tenant();
    const values = Array.from({ length: 20 }, (_, n) => (n % 2 ? 'text' : n));
    const answers = await Promise.all(values.map((k, n) => post({ user_id: `u${n}`, metadata: { k } })));
    const bodies = (await Promise.all(answers.map(answer => answer.json()))) as object[];
    expect(bodies.filter(body => 'rejected' in body)).toHaveLength(10);
  });

  it('a refused request costs the others nothing', async () => {
    const { post, all } = tenant();
    const answers = await Promise.all(
      Array.from({ length: 30 }, (_, n) =>
        post(n % 3 ? { user_id: `u${n}`, metadata: { n } } : { user_id: `u${n}`, metadata: [] }),
      ),
    );
    const { length } = answers.filter(({ status }) => status === 201);
    expect(await all('?limit=1000')).toHaveLength(length);
    expect(length).toBe(20);
  });

  it('two who log in with one anonymous_id do not both get what the visitor left', async () => {
    const { post, all } = tenant();
    await post({ anonymous_id: 'a', campaign: { utm_source: 'news' } });
    await Promise.all(['u1', 'u2', 'u3'].map(user_id => post({ user_id, anonymous_id: 'a' })));
    const profiles = await all();
    expect(profiles).toHaveLength(3);
    expect(profiles.filter(({ campaign }) => campaign.utm_source === 'news')).toHaveLength(1);
  });
});

// PGlite belongs to one process.
describe.skipIf(!collector.isShared)('two collectors on one database', () => {
  it('lose no update of one user, and agree on the types of keys', async () => {
    const { id, post, user } = tenant();
    const other = await collector.another();
    const postThere = (body: unknown) => other.post(id, body);
    const keys = Array.from({ length: 60 }, (_, n) => `k${n}`);
    const answers = await Promise.all(
      keys.map((key, n) => (n % 2 ? post : postThere)({ user_id: 'u', metadata: { [key]: 1 } })),
    );
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(Object.keys((await user('u')).metadata).sort()).toEqual(keys.toSorted());

    const typed = await Promise.all([
      post({ user_id: 'v', metadata: { fresh: 1 } }),
      postThere({ user_id: 'w', metadata: { fresh: 'x' } }),
    ]);
    expect(typed.map(({ status }) => status)).toEqual([201, 201]);
    const bodies = (await Promise.all(typed.map(answer => answer.json()))) as object[];
    expect(bodies.filter(body => 'rejected' in body)).toHaveLength(1);
    await other.close();
  });

  it('may both find the tables missing', async () => {
    const others = await Promise.all([collector.another(), collector.another()]);
    for (const { close } of others) await close();
  });
});
