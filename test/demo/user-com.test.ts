import { beforeEach, describe, expect, it } from 'vitest';
import { createUserComStandIn, type UserComUser } from '../../demo/user-com.ts';

const TOKEN = 'k'.repeat(64);
let app: ReturnType<typeof createUserComStandIn>;
beforeEach(() => {
  app = createUserComStandIn(TOKEN);
});

const call = (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) =>
  app.request(`/api/public/${path}`, {
    method,
    headers: { Authorization: `Token ${TOKEN}`, 'Content-Type': 'application/json', ...headers },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
const create = (body: object) => call('POST', 'users/', body);
const update = (id: string, body: unknown) => call('PUT', `users-by-id/${id}/`, body);
const userOf = async (response: Response) => (await response.json()) as UserComUser;

it('asks for the key, whatever is asked', async () => {
  for (const Authorization of ['', TOKEN, `Bearer ${TOKEN}`, 'Token wrong']) {
    expect((await call('PUT', 'users-by-id/u/', {}, { Authorization })).status).toBe(401);
    expect((await call('POST', 'users/', {}, { Authorization })).status).toBe(401);
  }
});

it('creates a user once, and knows who is none', async () => {
  expect((await update('u', {})).status).toBe(404);
  expect((await create({ user_id: 'u', email: 'u@example.com' })).status).toBe(201);
  expect((await create({ user_id: 'u' })).status).toBe(400);
  expect((await create({ email: 'x@example.com' })).status).toBe(400);
  expect((await update('u', {})).status).toBe(200);
});

it('answers with the documented body', async () => {
  await create({ user_id: 'u' });
  const user = await userOf(
    await update('u', { first_name: 'Ada', last_name: 'Holm', plan: 'pro', company_id: 'acme' }),
  );
  expect(user).toMatchObject({
    name: 'Ada Holm',
    status: 'visitor',
    gender: 'unknown',
    unsubscribed: false,
    companies: [{ name: 'acme' }],
    attributes: [{ name: 'plan', name_std: 'plan', value: 'pro' }],
  });
});

it('has every field of the documented example', async () => {
  const documented = `chat_id twitter_url last_contacted timezone updated_at companies google_url lists status resolution
    phone_number gravatar_url os_type facebook_url name page_views tags linkedin_url browser last_seen id first_seen last_ip
    score unsubscribed region attributes created_at gender key notifications country email browser_language city`;
  const user = await userOf(await create({ user_id: 'u' }));
  expect(Object.keys(user)).toEqual(expect.arrayContaining(documented.split(/\s+/)));
});

it('keeps what it finds out by itself', async () => {
  const given = { id: 7, page_views: 99, name: 'x', created_at: 'x', attributes: 'x', companies: 'x' };
  const { attributes, page_views, id } = await userOf(await create({ user_id: 'u', ...given }));
  expect({ attributes, page_views, id }).toEqual({ attributes: [], page_views: 0, id: 1 });
});

it('only ever adds tags and companies, and creates an attribute on its first use', async () => {
  await create({ user_id: 'u', tags: ['a'], plan: 'free', company_id: 'one' });
  const user = await userOf(
    await update('u', { tags: ['b', 'a'], plan: 'pro', seats: 3, company_id: 'two' }),
  );
  expect(user.tags.map(({ name }) => name)).toEqual(['a', 'b']);
  expect(user.companies.map(({ name }) => name)).toEqual(['one', 'two']);
  expect(user.attributes.map(({ name, value }) => [name, value])).toEqual([
    ['plan', 'pro'],
    ['seats', 3],
  ]);
});

describe('refuses, as a strict server would,', () => {
  it.each<[string, unknown]>([
    ['what is no JSON', '{'],
    ['a list', []],
    ['a first name of 41 characters', { first_name: 'x'.repeat(41) }],
    ['a last name of 41 characters', { last_name: 'x'.repeat(41) }],
    ['tags that are no list', { tags: 'vip' }],
    ['tags that are no strings', { tags: [1] }],
    ['a nested object', { address: { city: 'x' } }],
    ['a list in an attribute', { roles: ['admin'] }],
  ])('%s', async (_, body) => {
    await create({ user_id: 'u' });
    expect((await update('u', body)).status).toBe(400);
  });
});
