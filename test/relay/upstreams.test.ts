import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  APPLICATION_ID,
  errorOf,
  hang,
  openServer,
  openUserCom,
  poster,
  type Rule,
  reset,
  respond,
  TOKEN,
} from './world.ts';

let api: Awaited<ReturnType<typeof openServer>>;
let userCom: Awaited<ReturnType<typeof openUserCom>>;
beforeEach(async () => {
  api = await openServer();
  userCom = await openUserCom();
});
afterEach(async () => {
  await api.close();
  await userCom.close();
});

/** Both upstreams, unless a test takes one away. */
const post = (
  body: unknown,
  { path = '/v1/users', createMissing = true, ...rest }: Record<string, unknown> = {},
) =>
  poster({
    applicationId: APPLICATION_ID,
    upstream: api.url,
    userCom: { baseUrl: userCom.url, token: TOKEN, createMissing: createMissing as boolean },
    timeout: 2000,
    ...rest,
  })(path as string, { body });
const onlyUserCom = { applicationId: undefined, upstream: undefined };
const ada = {
  user_id: 'ada',
  anonymous_id: 'a',
  campaign: { utm_source: 'news' },
  metadata: { email: 'ada@example.com', name: 'Ada Holm', tags: ['vip'] },
};

describe('both up', () => {
  it('the user is at both, and the answer is the Users API’s', async () => {
    const response = await post(ada);
    expect(response.status).toBe(201);
    expect(api.got.map(({ body }) => body)).toEqual([ada]);
    expect(await userCom.user('ada')).toMatchObject({
      email: 'ada@example.com',
      first_name: 'Ada',
      last_name: 'Holm',
      tags: [{ name: 'vip' }],
      attributes: [{ name: 'utm_source', value: 'news' }],
    });
  });

  it('a known user is updated, tags are added, and once told is told', async () => {
    await post(ada);
    await post({ user_id: 'ada', metadata: { tags: ['beta'], plan: 'pro' } });
    await post({ user_id: 'ada', metadata: { tags: ['beta'], plan: 'pro' } });
    expect(await userCom.users()).toHaveLength(1);
    const user = await userCom.user('ada');
    expect(user?.tags.map(({ name }) => name)).toEqual(['vip', 'beta']);
    expect(user?.attributes.map(({ name, value }) => [name, value])).toEqual([
      ['utm_source', 'news'],
      ['plan', 'pro'],
    ]);
  });

  it('User.com hears nothing of anonymous visitors, companies and actions', async () => {
    const action = { action_name: 'a', request: { uri: 'u' } };
    await post({ anonymous_id: 'a', campaign: { utm_source: 'news' } });
    await post({ company_id: 'acme' }, { path: '/v1/companies' });
    await post({ ...action, user_id: 'ada' }, { path: '/v1/actions' });
    await post([{ ...action, user_id: 'ada' }], { path: '/v1/actions/batch' });
    expect(api.got).toHaveLength(4);
    expect(userCom.calls).toEqual([]);
  });
});

describe('an id', () => {
  it.each(['12345', 'a/b', '100%', '%2F', 'ä ö', '../x', '?q=1#h', '...', '%2e%2e', 'auth0|1', '🌊'])(
    '%s is one segment of the path, whatever is in it',
    async user_id => {
      expect((await post({ user_id }, onlyUserCom)).status).toBe(201);
      expect((await post({ user_id, metadata: { plan: 'pro' } }, onlyUserCom)).status).toBe(200);
      expect((await userCom.users()).map(user => user.user_id)).toEqual([user_id]);
    },
  );

  it.each(['.', '..'])('%s has no address at User.com, and climbs no path', async user_id => {
    const response = await post({ user_id }, onlyUserCom);
    expect(response.status).toBe(400);
    expect(await errorOf(response)).toBe('User.com has no address for a user_id of dots; send another id.');
    expect(userCom.calls).toEqual([]);
  });
});

describe('a user whom User.com does not know', () => {
  it('is refused, 404, and not created unasked', async () => {
    const response = await post(ada, { createMissing: false });
    expect(response.status).toBe(404);
    expect(await errorOf(response)).toBe(
      'User.com answered 404, as it does not know the user; create the user first, or set createMissing.',
    );
    expect(await userCom.users()).toEqual([]);
    await userCom.create('ada');
    expect((await post(ada, { createMissing: false })).status).toBe(201);
    expect(await userCom.user('ada')).toMatchObject({ email: 'ada@example.com' });
  });

  it('is created once, though two requests meet', async () => {
    const responses = await Promise.all([
      post(ada, onlyUserCom),
      post(ada, onlyUserCom),
      post(ada, onlyUserCom),
    ]);
    for (const { ok } of responses) expect(ok).toBe(true);
    expect(await userCom.users()).toHaveLength(1);
  });
});

/** What each of the two may do, and what the page is told. */
const FAULTS: [name: string, fault: Rule, status: number, wait: string | null][] = [
  ['is gone', reset, 503, null],
  ['hangs', hang, 503, null],
  ['answers 503', respond(503, { 'Retry-After': '9' }), 503, '9'],
  ['answers 500', respond(500), 500, null],
  ['answers 429', respond(429, { 'Retry-After': '7' }), 429, '7'],
  ['answers 401', respond(401), 401, null],
  ['answers 402', respond(402), 402, null],
  ['answers 400', respond(400), 400, null],
];

describe.each(FAULTS)('one of them %s', (_, fault, status, wait) => {
  const rest = { timeout: 300 };
  const expectFault = (response: Response) => {
    expect(response.status).toBe(status);
    expect(response.headers.get('Retry-After')).toBe(wait);
  };

  it('User.com: the Users API has the user, the page keeps the update, and a retry brings it to both', async () => {
    userCom.fault = fault;
    expectFault(await post(ada, rest));
    expect(api.got).toHaveLength(1);
    userCom.fault = undefined;
    expect((await post(ada)).status).toBe(201);
    expect(api.got.map(({ body }) => body)).toEqual([ada, ada]);
    expect(await userCom.users()).toHaveLength(1);
  });

  it('the Users API: User.com has the user, and a retry changes nothing there', async () => {
    api.rule = fault;
    expectFault(await post(ada, rest));
    const { updated_at: first, ...before } = (await userCom.user('ada')) ?? {};
    api.rule = respond(201);
    expect((await post(ada)).status).toBe(201);
    const { updated_at: second, ...after } = (await userCom.user('ada')) ?? {};
    expect(after).toEqual(before);
  });
});

it('one that nobody listens at is 503 with a sentence', async () => {
  await userCom.close();
  const response = await post(ada);
  expect(response.status).toBe(503);
  expect(await errorOf(response)).toBe('User.com could not be reached; check its address.');
});

it('a wrong key is the owner’s to mend, 401, and so is one without the right, which User.com answers 403', async () => {
  const wrong = { baseUrl: userCom.url, token: 'x'.repeat(64) };
  expect((await post(ada, { userCom: wrong })).status).toBe(401);
  userCom.fault = respond(403);
  const response = await post(ada);
  expect([response.status, await errorOf(response)]).toEqual([
    401,
    'User.com answered 403; give its token the right to change users.',
  ]);
});

it('a user with more attributes than anybody has is refused before User.com sees one', async () => {
  const metadata = Object.fromEntries(Array.from({ length: 1001 }, (_, index) => [`k${index}`, 1]));
  expect((await post({ user_id: 'u', metadata }, onlyUserCom)).status).toBe(413);
  expect(userCom.calls).toEqual([]);
});

describe('User.com alone', () => {
  it('takes users, is not told of anonymous visitors, and the page need not hear of that', async () => {
    expect((await post(ada, onlyUserCom)).status).toBe(201);
    expect((await post({ anonymous_id: 'a' }, onlyUserCom)).status).toBe(202);
    expect(await userCom.users()).toHaveLength(1);
    expect(api.got).toEqual([]);
  });

  it.each([
    ['companies', { company_id: 'acme' }],
    ['actions', { action_name: 'a', request: { uri: 'u' } }],
  ])('has no place for %s: 404, not a success that is none', async (endpoint, body) => {
    const response = await post(body, { ...onlyUserCom, path: `/v1/${endpoint}` });
    expect(response.status).toBe(404);
    expect(await errorOf(response)).toMatch(new RegExp(`nowhere to send ${endpoint}`));
  });
});
