import { describe, expect, it } from 'vitest';
import { useCollector } from '../use-collector.ts';

const { tenant } = useCollector();
const strict = useCollector({ strictTypes: true });

/** An update about somebody, on each path that has types of metadata. */
const PATHS = [
  ['/v1/users', { user_id: 'u' }],
  ['/v1/users', { anonymous_id: 'a' }],
  ['/v1/companies', { company_id: 'c' }],
  ['/v1/actions', { action_name: 'A', user_id: 'u', request: { uri: '/' } }],
] as const;

const PAIRS = [
  [{ k: 'a' }, { k: 1 }, 'metadata.k'],
  [{ k: 1 }, { k: true }, 'metadata.k'],
  [{ k: true }, { k: {} }, 'metadata.k'],
  [{ k: {} }, { k: [] }, 'metadata.k'],
  [{ k: [] }, { k: 'a' }, 'metadata.k'],
  [{ list: [{ k: 1 }] }, { k: 'a' }, 'metadata.k'],
  [{ k: 1 }, { list: [{ k: 'a' }] }, 'metadata.list[0].k'],
  [{ 'a.b': 1 }, { a_b: 'a' }, 'metadata.a_b'],
  [{ ['x'.repeat(300)]: 1 }, { ['x'.repeat(300)]: 'a' }, `metadata.${'x'.repeat(191)}…`],
] as const;

describe('a key of metadata keeps its type in the whole application, at any depth', () => {
  it('and an update is stored without those that clash, which the answer and the timeline name', async () => {
    const { post, send, user, timeline } = tenant();
    await post({ user_id: 'u', metadata: { phone: '123' } });
    const metadata = { first_name: 'Ada', info: { phone: 123, city: 'London' } };
    const rejected = [{ path: 'metadata.info.phone', expected: 'string', got: 'number' }];
    for (const [path, body] of PATHS) {
      const answer = await send(path, { ...body, metadata });
      expect(answer.status).toBeLessThan(300);
      expect(await answer.json()).toMatchObject({ rejected });
    }
    expect((await user('u')).metadata).toEqual({
      phone: '123',
      first_name: 'Ada',
      info: { city: 'London' },
    });
    const bodies = (await timeline('user_id=u')).map(({ body }) => body);
    const named = bodies.filter(body => 'rejected' in body);
    // Of the update and of the action.
    expect(named.map(body => [body.action_name, body.rejected]).sort()).toEqual(
      [
        [undefined, rejected],
        ['A', rejected],
      ].sort(),
    );
    expect((await tenant().post({ user_id: 'u', metadata })).status).toBe(201);
  });

  it.each(PAIRS)('%j goes with itself, and of %j %s is left out', async (first, second, path) => {
    const { post, user } = tenant();
    for (const metadata of [first, first])
      expect(await (await post({ user_id: 'u', metadata })).json()).not.toHaveProperty('rejected');
    const before = (await user('u')).metadata;
    const answer = await post({ user_id: 'v', metadata: { ...second, other: 1 } });
    expect(answer.status).toBe(201);
    const { rejected } = (await answer.json()) as { rejected: { path: string }[] };
    expect(rejected.map(key => key.path)).toEqual([path]);
    expect((await user('v')).metadata).toMatchObject({ other: 1 });
    expect((await user('u')).metadata).toEqual(before);
  });

  it('and what is left out teaches nothing, nor takes anything away', async () => {
    const { post, user } = tenant();
    await post({ user_id: 'u', metadata: { k: { kept: 1 } } });
    await post({ user_id: 'u', metadata: { k: [{ fresh: 1 }] } });
    expect((await user('u')).metadata).toEqual({ k: { kept: 1 } });
    expect(await (await post({ user_id: 'u', metadata: { fresh: 'x' } })).json()).not.toHaveProperty(
      'rejected',
    );
  });

  it('of two in one update the first counts', async () => {
    const { post, user } = tenant();
    const answer = await post({ user_id: 'u', metadata: { a: { k: 1 }, k: 'x', fresh: 1 } });
    expect(await answer.json()).toMatchObject({
      rejected: [{ path: 'metadata.k', expected: 'number', got: 'string' }],
    });
    expect((await user('u')).metadata).toEqual({ a: { k: 1 }, fresh: 1 });
  });

  it('and a batch names them at each item, with its index', async () => {
    const { send, user } = tenant();
    const answer = await send('/v1/users/batch', [
      { user_id: 'u', metadata: { n: 1 } },
      { user_id: 'v', metadata: { n: 'x', m: 1 } },
      { user_id: 'w', metadata: { n: 2, m: true } },
    ]);
    expect(answer.status).toBe(201);
    expect(await answer.json()).toEqual([
      { user_id: 'u', anonymous_id: null },
      {
        user_id: 'v',
        anonymous_id: null,
        rejected: [{ index: 1, path: 'metadata.n', expected: 'number', got: 'string' }],
      },
      {
        user_id: 'w',
        anonymous_id: null,
        rejected: [{ index: 2, path: 'metadata.m', expected: 'number', got: 'boolean' }],
      },
    ]);
    expect((await user('v')).metadata).toEqual({ m: 1 });
  });

  it('but is not told by null, which goes with all, nor by what an array holds', async () => {
    const { post, user } = tenant();
    for (const metadata of [
      { k: null, l: [1] },
      { k: 1, l: ['a'] },
      { k: null },
      { k: 2 },
      { l: [null, {}] },
    ]) {
      expect(await (await post({ user_id: 'u', metadata })).json()).not.toHaveProperty('rejected');
    }
    expect((await user('u')).metadata).toEqual({ k: 2, l: [null, {}] });
  });
});

describe('STRICT_TYPES', () => {
  it('refuses the request, naming the field, and teaches nothing', async () => {
    const { post, send, user } = strict.tenant();
    await post({ user_id: 'u', metadata: { phone: '123' } });
    const metadata = { first_name: 'Ada', fresh: 1, additional_info: { phone: 123 } };
    for (const [path, body] of PATHS) {
      const answer = await send(path, { ...body, metadata });
      expect(answer.status).toBe(400);
      const { error, field } = (await answer.json()) as { error: string; field: string };
      expect(error).toMatch(/^metadata\.additional_info\.phone is a number, but .* phone is a string/);
      expect(field).toBe('metadata.additional_info.phone');
      const batch = await send(`${path}/batch`, [body, { ...body, metadata }]);
      expect(await batch.json()).toMatchObject({ index: 1, field });
    }
    expect((await user('u')).metadata).toEqual({ phone: '123' });
    expect((await post({ user_id: 'u', metadata: { fresh: 'x' } })).status).toBe(200);
  });
});
