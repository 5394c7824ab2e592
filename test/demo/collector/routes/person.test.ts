import { describe, expect, it } from 'vitest';
import { errorOf, READ_TOKEN, useCollector } from '../use-collector.ts';

const collector = useCollector();
const { request, tenant } = collector;

const TABLES = ['profiles', 'aliases', 'updates', 'actions', 'api_calls'];

/** Returns everything that is stored for an application, as text. */
async function dump(applicationId: string): Promise<string> {
  const texts = TABLES.map(async table => {
    const { rows } = await collector.database.query<{ row: string }>(
      `select to_jsonb(t)::text as row from ${table} t where application_id = $1`,
      [applicationId],
    );
    return rows.map(({ row }) => row).join('\n');
  });
  return (await Promise.all(texts)).join('\n');
}

/** Fills an application with Ada, who came as a visitor, and with others. */
async function fill() {
  const world = tenant();
  const { id, post, send } = world;
  const action = (who: object) =>
    send('/v1/actions', { action_name: 'Did', request: { uri: '/ada' }, ...who });
  const call = (who: object) =>
    send('/v1/events', {
      request: { time: new Date().toISOString(), uri: 'https://x.example/ada', verb: 'GET', headers: {} },
      ...who,
    });
  await post({
    anonymous_id: 'ada-phone',
    session_token: 'ada-early',
    campaign: { utm_source: 'ada-source' },
  });
  await post({
    user_id: 'ada',
    anonymous_id: 'ada-phone',
    session_token: 'ada-token',
    metadata: { name: 'Ada' },
  });
  await post({ user_id: 'ada', anonymous_id: 'ada-laptop' });
  for (const who of [{ user_id: 'ada' }, { anonymous_id: 'ada-phone' }, { session_token: 'ada-early' }]) {
    expect((await action(who)).status).toBe(201);
    expect((await call(who)).status).toBe(201);
  }
  await send('/v1/companies', { company_id: 'c', session_token: 'ada-token' });
  await post({
    user_id: 'bob',
    anonymous_id: 'bob-phone',
    session_token: 'bob-token',
    metadata: { name: 'Bob' },
  });
  await send('/v1/actions', { action_name: 'Did', request: { uri: '/bob' }, session_token: 'bob-token' });
  const remove = (query: string) =>
    request(`/v1/users?application_id=${id}&${query}`, { method: 'DELETE', headers: {} });
  return { ...world, remove };
}

const ADA = {
  user_id: 'ada',
  anonymous_ids: ['ada-laptop', 'ada-phone'],
  profiles: 3,
  aliases: 5,
  updates: 3,
  actions: 3,
  calls: 3,
};

describe('deletion', () => {
  it.each([
    'user_id=ada',
    'anonymous_id=ada-phone',
    'anonymous_id=ada-laptop',
    'session_token=ada-early',
    'session_token=ada-token',
  ])('by %s takes all that is stored of the person, and nothing of anybody else', async query => {
    const { id, remove, user, timeline, get, all } = await fill();
    expect(await dump(id)).toMatch(/\bada/i);
    const answer = await remove(query);
    expect(answer.status).toBe(200);
    expect(await answer.json()).toEqual({ deleted: { application_id: id, ...ADA } });
    expect(await dump(id)).not.toMatch(/\bada/i);
    expect(await user('bob')).toMatchObject({ metadata: { name: 'Bob' }, session_tokens: ['bob-token'] });
    expect(await timeline('user_id=bob')).toHaveLength(2);
    expect((await get('/companies?company_id=c')).status).toBe(200);
    expect(await all()).toHaveLength(1);
    const { campaigns } = (await (await get('/campaigns')).json()) as { campaigns: object[] };
    expect(campaigns).toMatchObject([{ source: null, visitors: 1, identified: 1 }]);
    expect((await remove(query)).status).toBe(404);
  });

  it('is forgotten by what writes: a later update begins a new profile', async () => {
    const { remove, post, user } = await fill();
    await remove('user_id=ada');
    expect((await post({ anonymous_id: 'ada-phone', metadata: { late: 1 } })).status).toBe(201);
    expect((await post({ user_id: 'ada', anonymous_id: 'ada-phone' })).status).toBe(201);
    expect(await user('ada')).toMatchObject({
      campaign: {},
      metadata: { late: 1 },
      anonymous_ids: ['ada-phone'],
      session_tokens: [],
    });
  });

  it('of a visitor who is nobody else takes the visitor alone', async () => {
    const { id, post, remove, all } = tenantWithRemove();
    await post({ anonymous_id: 'a' });
    await post({ anonymous_id: 'b' });
    expect(await (await remove('anonymous_id=a')).json()).toMatchObject({
      deleted: { application_id: id, user_id: null, anonymous_ids: ['a'], profiles: 1, updates: 1 },
    });
    expect(await all()).toMatchObject([{ anonymous_ids: ['b'] }]);
  });

  it('finds what has no profile: actions of a user, and of a token that nobody brought', async () => {
    const { id, send, remove } = tenantWithRemove();
    const act = (who: object) => send('/v1/actions', { action_name: 'Did', request: { uri: '/' }, ...who });
    await act({ user_id: 'u' });
    await act({ session_token: 't' });
    expect(await (await remove('user_id=u')).json()).toMatchObject({ deleted: { profiles: 0, actions: 1 } });
    expect(await (await remove('session_token=t')).json()).toMatchObject({
      deleted: { profiles: 0, actions: 1 },
    });
    expect(await dump(id)).toBe('\n\n\n\n');
  });

  it('leaves what a shared token belongs to: who brought it last', async () => {
    const { post, send, remove, timeline, user } = tenantWithRemove();
    await post({ user_id: 'first', session_token: 't' });
    await post({ user_id: 'second', session_token: 't' });
    await send('/v1/actions', { action_name: 'Did', request: { uri: '/' }, session_token: 't' });
    await remove('user_id=first');
    expect((await user('second')).session_tokens).toEqual(['t']);
    expect(await timeline('user_id=second')).toHaveLength(2);
  });

  it('takes any id for an id', async () => {
    const { post, remove } = tenantWithRemove();
    for (const user_id of ['events', '.', '..', 'a/b', '100%', '%2e', "' or 1=1 --", '\u202Eabc', ' ']) {
      await post({ user_id });
      const answer = await remove(`${new URLSearchParams({ user_id })}`);
      expect(await answer.json(), user_id).toMatchObject({ deleted: { user_id, profiles: 1 } });
    }
  });

  it('of a company takes its profile, tokens and updates, and leaves its people', async () => {
    const { id, post, send, get, user, timeline } = tenantWithRemove();
    const remove = (query: string) =>
      request(`/v1/companies?application_id=${id}&${query}`, {
        method: 'DELETE',
        headers: { Authorization: `Bearer ${READ_TOKEN}` },
      });
    await post({ user_id: 'acme', company_id: 'acme', session_token: 't', metadata: { plan: 'pro' } });
    for (const company_id of ['acme', 'other'])
      await send('/v1/companies', { company_id, session_token: 't', metadata: { secret: company_id } });
    await send('/v1/companies', { company_id: 'acme', company_domain: 'acme.example' });
    const deleted = { application_id: id, company_id: 'acme', profiles: 1, aliases: 1, updates: 2 };
    expect(await (await remove('company_id=acme')).json()).toEqual({ deleted });
    expect((await get('/companies?company_id=acme')).status).toBe(404);
    expect(await dump(id)).not.toMatch(/"secret": "acme"|acme\.example/);
    expect(await (await get('/companies?company_id=other')).json()).toMatchObject({ session_tokens: ['t'] });
    expect(await user('acme')).toMatchObject({ company_id: 'acme', session_tokens: ['t'] });
    expect(await timeline('user_id=acme')).toHaveLength(1);
    const again = await remove('company_id=acme');
    expect([again.status, await errorOf(again)]).toEqual([
      404,
      'Nothing is stored of a company with this company_id.',
    ]);
    // What writes has forgotten it.
    expect((await send('/v1/companies', { company_id: 'acme', metadata: { fresh: 1 } })).status).toBe(201);
    expect(await (await get('/companies?company_id=acme')).json()).toMatchObject({
      company_domain: null,
      metadata: { fresh: 1 },
    });
    for (const query of ['', 'user_id=acme', 'company_id=acme&company_id=other']) {
      expect(await errorOf(await remove(query)), query).toBe('company_id is needed, once.');
    }
    const unsigned = await request(`/v1/companies?application_id=${id}&company_id=acme`, {
      method: 'DELETE',
      headers: { Authorization: 'Bearer wrong' },
    });
    expect(unsigned.status).toBe(401);
  });

  it('asks for one person and one application', async () => {
    const { id, post, remove } = tenantWithRemove();
    await post({ user_id: 'u' });
    await tenant().post({ user_id: 'u' });
    for (const query of ['', 'user_id=', 'user_id=u&anonymous_id=a', 'user_id=u&user_id=v', 'company_id=c']) {
      const answer = await remove(query);
      expect(answer.status, query).toBe(400);
      expect(await errorOf(answer)).toMatch(/^One of user_id, anonymous_id and session_token/);
    }
    expect((await remove('user_id=a%00b')).status).toBe(400);
    const ask = (headers: Record<string, string>) =>
      request('/v1/users?user_id=u', { method: 'DELETE', headers });
    expect(await errorOf(await ask({}))).toMatch(/^application_id is needed/);
    expect((await ask({ 'X-Moesif-Application-Id': id })).status).toBe(200);
  });

  it('is told to open dashboards', async () => {
    const { id, post, remove } = tenantWithRemove();
    await post({ user_id: 'u' });
    const answer = await request('/events');
    const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader();
    await remove('user_id=u');
    let text = '';
    while (!text.includes('data:')) text += (await reader?.read())?.value ?? 'data:';
    await reader?.cancel();
    expect(text).toContain(`data: {"application_id":"${id}","user_id":"u","anonymous_id":null}`);
  });

  it('of one who is being written at the time leaves no part behind', async () => {
    const { id, post, remove, user } = tenantWithRemove();
    for (let round = 0; round < 15; round++) {
      await post({ user_id: 'u', metadata: { secret: 'before' } });
      const work = Array.from({ length: 12 }, (_, n) =>
        n === 6 ? remove('user_id=u') : post({ user_id: 'u', metadata: { [`k${n}`]: 1 } }),
      );
      for (const { status } of await Promise.all(work)) expect(status).toBeLessThan(300);
      expect(JSON.stringify((await user('u')).metadata ?? {})).not.toContain('before');
      await remove('user_id=u');
      expect(await dump(id)).toBe('\n\n\n\n');
    }
  });
});

describe('export', () => {
  interface Exported {
    application_id: string;
    profiles: { kind: string; id: string; metadata: object }[];
    aliases: { value: string }[];
    updates: { body: object }[];
    actions: { action_name: string }[];
    calls: { content: object }[];
  }
  const exported = async (get: (path: string) => Promise<Response>, query: string) => {
    const answer = await get(`/export?${query}`);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('Content-Disposition')).toMatch(
      /^attachment; filename="person-[\d-]{10}\.json"$/,
    );
    return (await answer.json()) as Exported;
  };

  it('has every row of the person, by whichever id', async () => {
    const { id, get } = await fill();
    const all = await exported(get, 'user_id=ada');
    expect(all.application_id).toBe(id);
    expect(all.profiles.map(row => [row.kind, row.id])).toEqual([
      ['anonymous', 'ada-laptop'],
      ['anonymous', 'ada-phone'],
      ['user', 'ada'],
    ]);
    expect(all.aliases.map(({ value }) => value).sort()).toEqual([
      'ada-early',
      'ada-laptop',
      'ada-phone',
      'ada-token',
    ]);
    expect([all.updates, all.actions, all.calls].map(rows => rows.length)).toEqual([3, 3, 3]);
    expect(JSON.stringify(all)).not.toMatch(/bob/i);
    for (const query of ['anonymous_id=ada-phone', 'session_token=ada-early']) {
      const { profiles, actions } = await exported(get, query);
      expect([profiles, actions]).toEqual([all.profiles, all.actions]);
    }
  });

  it('has a timeline of any length whole, in its order', async () => {
    const { send, post, get } = tenant();
    await post({ anonymous_id: 'a' });
    await post({ user_id: 'u', anonymous_id: 'a' });
    const actions = Array.from({ length: 143 }, (_, n) => ({
      action_name: `n${n}`,
      user_id: 'u',
      request: { uri: '/', time: new Date(Date.UTC(2026, 0, 1, 0, 0, n >> 2)).toISOString() },
    }));
    await send('/v1/actions/batch', actions);
    await send(
      '/v1/users/batch',
      actions.map((_, n) => ({ user_id: 'u', metadata: { n } })),
    );
    const all = await exported(get, 'user_id=u');
    expect(all.actions).toHaveLength(143);
    expect(new Set(all.actions.map(({ action_name }) => action_name)).size).toBe(143);
    expect(all.updates.map(({ body }) => (body as { metadata?: { n: number } }).metadata?.n)).toEqual([
      undefined,
      undefined,
      ...actions.keys(),
    ]);
  });

  it('of nobody is a 404, and of no one person a 400', async () => {
    const { get } = await fill();
    expect(await errorOf(await get('/export?user_id=nobody'))).toMatch(/^Nothing is stored/);
    expect((await get('/export')).status).toBe(400);
  });
});

// PGlite belongs to one process.
it.skipIf(!collector.isShared)(
  'what another collector remembers of a deleted person does not come back',
  async () => {
    const { id, post, remove, user } = tenantWithRemove();
    const other = await collector.another();
    const postThere = (body: unknown) => other.post(id, body);
    for (const isBegunAgain of [true, false]) {
      await postThere({ user_id: 'u', anonymous_id: 'a', metadata: { secret: 'before' } });
      await remove('user_id=u');
      // As many updates as the other remembers: it must not take this profile for that one.
      if (isBegunAgain) await post({ user_id: 'u', metadata: { fresh: 1 } });
      expect((await postThere({ user_id: 'u', metadata: { later: 1 } })).status).toBeLessThan(300);
      expect((await user('u')).metadata).toEqual({ ...(isBegunAgain && { fresh: 1 }), later: 1 });
      await remove('user_id=u');
      await postThere({ user_id: 'v', anonymous_id: 'b' });
      await remove('user_id=v');
      // The other remembers that this visitor had become v.
      await postThere({ anonymous_id: 'b', metadata: { alone: 1 } });
      expect((await user('v')).metadata).toBeUndefined();
      await remove('anonymous_id=b');
    }
    await other.close();
  },
);

function tenantWithRemove() {
  const world = tenant();
  const remove = (query: string) =>
    request(`/v1/users?application_id=${world.id}&${query}`, {
      method: 'DELETE',
      headers: { Authorization: `Bearer ${READ_TOKEN}` },
    });
  return { ...world, remove };
}
