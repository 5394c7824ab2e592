import { type Context, Hono } from 'hono';
import { HTTPException } from 'hono/http-exception';

/** A user as User.com's API returns one: the documented body, and the site's own id. */
export interface UserComUser {
  id: number;
  user_id: string;
  name: string;
  tags: { id: number; name: string }[];
  attributes: { id: number; name: string; name_std: string; value: Value }[];
  companies: { id: number; name: string; member_since: string }[];
  created_at: string;
  updated_at: string;
  [standard: string]: unknown;
}

type Value = string | number | boolean | null;
type Body = Record<string, unknown>;

/** The documented fields of a user whom nobody has described. */
const STANDARD: Record<string, Value> = {
  assigned_to: null,
  city: null,
  country: null,
  email: null,
  facebook_url: null,
  first_name: null,
  gender: 'unknown',
  google_url: null,
  gravatar_url: null,
  last_name: null,
  linkedin_url: null,
  notifications: true,
  phone_number: null,
  region: null,
  score: 0,
  status: 'visitor',
  timezone: null,
  twitter_url: null,
  unsubscribed: false,
};
/** The fields that User.com fills in by itself, and that no caller may set. */
const READ_ONLY: Record<string, Value> = {
  browser: null,
  browser_language: null,
  chat_id: 'Chat ID is deprecated and will be removed in future',
  first_seen: null,
  last_contacted: null,
  last_ip: null,
  last_seen: null,
  os_type: null,
  page_views: 0,
  resolution: null,
};
const MAX_NAME = 40;

/**
 * Stands in for User.com: the documented calls that update a user by the site's own id and create one, on users in
 * memory. `GET /user-com/users` lists them, and is ours: the demo asks there for the token that its collector wants for reading.
 */
export function createUserComStandIn(token: string): Hono {
  const users = new Map<string, UserComUser>();
  const ids = new Map<string, number>();
  /** The same number for the same tag, attribute or company, whoever has it. */
  const idOf = (kind: string, name: string) => {
    const key = `${kind}:${name}`;
    return ids.get(key) ?? ids.set(key, ids.size + 1).size;
  };

  const write = (user: UserComUser, body: Body) => {
    const { tags, company_id, user_id: _, ...rest } = body;
    for (const [name, value] of Object.entries(rest)) {
      if (Object.hasOwn(STANDARD, name)) user[name] = value;
      else if (!Object.hasOwn(user, name)) setAttribute(user, idOf('attribute', name), name, value as Value);
    }
    // Only ever adds.
    for (const name of (tags ?? []) as string[])
      if (!user.tags.some(tag => tag.name === name)) user.tags.push({ id: idOf('tag', name), name });
    const at = new Date().toISOString();
    if (typeof company_id === 'string' && !user.companies.some(({ name }) => name === company_id))
      user.companies.push({ id: idOf('company', company_id), name: company_id, member_since: at });
    user.name = [user.first_name, user.last_name].filter(Boolean).join(' ');
    user.updated_at = at;
    return user;
  };

  const app = new Hono({ strict: true });
  app.onError((error, c) => {
    if (error instanceof HTTPException) return error.getResponse();
    console.error(error);
    return c.json({ detail: 'The stand-in failed. Its output says why.' }, 500);
  });
  app.use('/api/public/*', async (c, next) => {
    if (c.req.header('Authorization') === `Token ${token}`) return next();
    return c.json({ detail: 'Invalid token.' }, 401, { 'WWW-Authenticate': 'Token' });
  });
  app.put('/api/public/users-by-id/:user_id/', async c => {
    const user = users.get(c.req.param('user_id'));
    if (!user) return c.json({ detail: 'Not found.' }, 404);
    return c.json(write(user, await readBody(c)));
  });
  app.post('/api/public/users/', async c => {
    const body = await readBody(c);
    const userId = body.user_id;
    if (typeof userId !== 'string' || !userId) throw bad('user_id', 'This field is required.');
    if (users.has(userId)) throw bad('user_id', 'A user with this user_id exists already.');
    const user = newUser(users.size + 1, userId);
    users.set(userId, user);
    return c.json(write(user, body), 201);
  });
  app.get('/user-com/users', c =>
    c.json({ users: [...users.values()].sort((a, b) => b.updated_at.localeCompare(a.updated_at)) }),
  );
  return app;
}

function newUser(id: number, userId: string): UserComUser {
  const created_at = new Date().toISOString();
  return {
    ...STANDARD,
    ...READ_ONLY,
    id,
    key: `key${id}`,
    user_id: userId,
    name: '',
    tags: [],
    lists: [],
    attributes: [],
    companies: [],
    created_at,
    updated_at: created_at,
  };
}

function setAttribute({ attributes }: UserComUser, id: number, name: string, value: Value): void {
  const known = attributes.find(attribute => attribute.name === name);
  if (known) known.value = value;
  else attributes.push({ id, name, name_std: name.toLowerCase().replace(/\W+/g, '_'), value });
}

/** Refuses as the API does, by a list of sentences for a field. */
function bad(field: string, sentence: string): HTTPException {
  return new HTTPException(400, { res: Response.json({ [field]: [sentence] }, { status: 400 }) });
}

async function readBody(c: Context): Promise<Body> {
  const body = await c.req.json().catch(() => undefined);
  if (
    c.req.header('Content-Type') !== 'application/json' ||
    typeof body !== 'object' ||
    !body ||
    Array.isArray(body)
  )
    throw bad('detail', 'A JSON object, please, with its Content-Type.');
  for (const [name, value] of Object.entries(body as Body)) {
    if (name === 'tags') {
      const isList = Array.isArray(value) && value.every(tag => typeof tag === 'string');
      if (!isList) throw bad(name, 'Expected a list of strings.');
    } else if (typeof value === 'object' && value) throw bad(name, 'Not a valid string.');
    if (/^(first|last)_name$/.test(name) && [...`${value ?? ''}`].length > MAX_NAME)
      throw bad(name, `Ensure this field has no more than ${MAX_NAME} characters.`);
  }
  return body as Body;
}
