import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { APPLICATION_ID, openServer, openUserCom, poster, TOKEN } from './world.ts';

let api: Awaited<ReturnType<typeof openServer>>;
let userCom: Awaited<ReturnType<typeof openUserCom>>;
beforeAll(async () => {
  api = await openServer();
  userCom = await openUserCom();
});
afterAll(async () => {
  await api.close();
  await userCom.close();
});
beforeEach(() => {
  api.got.length = 0;
  userCom.calls.length = 0;
});

const relay = () =>
  poster({
    applicationId: APPLICATION_ID,
    upstream: api.url,
    userCom: { baseUrl: userCom.url, token: TOKEN, createMissing: true },
    allowedOrigins: ['https://app.example.test'],
    trustProxy: 1,
  });

/** Whatever came, the Users API got a body it documents, and User.com a call of one of its two addresses. */
function expectWellFormed() {
  for (const { method, path, headers, body } of api.got) {
    expect(method).toBe('POST');
    expect(path).toMatch(/^\/v1\/(users|companies|actions|actions\/batch)$/);
    expect(headers['content-type']).toBe('application/json');
    for (const item of Array.isArray(body) ? body : [body]) {
      const facts = path.includes('actions') ? item.request : item;
      for (const id of ['user_id', 'anonymous_id', 'company_id', 'transaction_id', 'action_name'])
        if (id in item) expect(item[id].length, id).toBeGreaterThan(0);
      for (const value of Object.values(item.campaign ?? {}))
        expect(value === null || typeof value === 'string').toBe(true);
      if ('ip_address' in facts) expect(facts.ip_address).toMatch(/^[\d.]+$|^[\da-f:.]+$/i);
      expect(item).not.toHaveProperty('unknown');
    }
  }
  for (const call of userCom.calls)
    expect(call).toMatch(/^(PUT \/api\/public\/users-by-id\/[^/?#]+\/|POST \/api\/public\/users\/)$/);
}

const text = fc.string({ unit: 'binary', maxLength: 20 });
/** Mostly what is right, so that much gets through, and anything at all. */
const mostly = <T>(right: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 12, arbitrary: right }, { weight: 1, arbitrary: fc.jsonValue() });
const id = mostly(
  fc.oneof(
    {
      weight: 3,
      arbitrary: fc.constantFrom('u', '..', '.', 'a/b', '%2e%2e', '\\', 'ü', '\0', '\ud800', 'x?y#z'),
    },
    text,
  ),
);
const date = mostly(fc.constantFrom('2026-01-01T00:00:00Z', '2026-01-01T00:00:00.5+02:00'));
const key = fc.oneof(
  text,
  fc.constantFrom('tags', 'name', 'first_name', 'email', 'user_id', 'user', '__proto__', 'company', 'id'),
);
const fields = {
  user_id: id,
  anonymous_id: id,
  company_id: id,
  company_domain: id,
  session_token: id,
  modified_time: date,
  ip_address: id,
  campaign: mostly(fc.dictionary(fc.constantFrom('utm_source', 'gclid', 'x'), fc.option(text))),
  metadata: mostly(fc.dictionary(key, fc.jsonValue({ stringUnit: 'binary' }))),
  action_name: id,
  transaction_id: id,
  request: mostly(fc.record({ uri: id, time: date, ip_address: id }, { requiredKeys: [] })),
  unknown: fc.jsonValue(),
};
const record = fc.record(fields, { requiredKeys: [] });
const path = fc.constantFrom(
  '/v1/users',
  '/v1/users',
  '/v1/companies',
  '/v1/actions',
  '/v1/actions/batch',
  '/v1/events',
);

describe('hostile input', () => {
  it('of any shape gives no 5xx, and reaches no upstream that is not well-formed', async () => {
    await fc.assert(
      fc.asyncProperty(
        path,
        fc.oneof(record, fc.array(record, { maxLength: 3 }), fc.jsonValue()),
        async (path, body) => {
          const response = await relay()(path, { body: JSON.stringify(body) });
          expect(response.status).toBeLessThan(500);
          expect(await response.json()).toBeTypeOf('object');
        },
      ),
      { numRuns: 600 },
    );
    expectWellFormed();
    // Or else the fuzz would only ever be refused.
    expect(api.got.length).toBeGreaterThan(20);
    expect(userCom.calls.length).toBeGreaterThan(20);
  }, 60_000);

  it('of any bytes gives no 5xx', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.uint8Array(),
          fc.string().map(text => new TextEncoder().encode(text)),
        ),
        async body => {
          expect((await relay()('/v1/users', { body })).status).toBeLessThan(500);
        },
      ),
      { numRuns: 200 },
    );
    expectWellFormed();
  });

  it('of any headers and path gives no 5xx', async () => {
    const header = fc.oneof(
      fc.constantFrom(
        'null',
        'https://app.example.test',
        'https://[',
        '*',
        '-1',
        '1e9',
        'text/plain',
        ',,',
        '::1',
      ),
      fc.string().map(text => text.replace(/[^\x20-\x7e]/g, '')),
    );
    const headers = fc.record(
      {
        Origin: header,
        Host: header,
        'Sec-Fetch-Site': fc.oneof(fc.constant('same-origin'), header),
        'Content-Type': fc.oneof(fc.constant('text/plain'), header),
        'Content-Length': header,
        'X-Forwarded-For': header,
        'User-Agent': header,
      },
      { requiredKeys: [] },
    );
    const anyPath = fc.oneof(
      path,
      fc.webPath(),
      fc.string().map(text => `/${encodeURI(text)}/v1/users`),
    );
    const method = fc.constantFrom('POST', 'POST', 'OPTIONS', 'GET', 'PUT');
    await fc.assert(
      fc.asyncProperty(anyPath, method, headers, header, async (path, method, headers, address) => {
        const response = await relay()(path, { method, headers, address, body: { user_id: 'u' } });
        expect(response.status).toBeLessThan(500);
      }),
      { numRuns: 500 },
    );
    expectWellFormed();
    expect(api.got.length).toBeGreaterThan(5);
  });

  it('a small body becomes no large one: keys are not repeated without end', async () => {
    const long = 'k'.repeat(100);
    const wide = Object.fromEntries(Array.from({ length: 900 }, (_, index) => [`i${index}`, 1]));
    await relay()('/v1/users', {
      body: { user_id: 'wide', metadata: { [long]: { [long]: wide, ...wide } } },
    });
    const user = await userCom.user('wide');
    expect(user?.attributes).toHaveLength(900);
  });
});
