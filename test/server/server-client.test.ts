// @vitest-environment happy-dom
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createVisitor } from '../../src/identity/visitor.ts';
import { normalizeOptions } from '../../src/options/options.ts';
import type { ServerOptions } from '../../src/server/options.ts';
import { createServerClient } from '../../src/server/server-client.ts';
import { createRecordStore } from '../../src/storage/record-store.ts';
import { fakePage } from '../world.ts';
import { RECORDS, toCookie, toHeader } from './cookies.ts';
import { anyRecords } from './records.ts';

const NOW = 1768436000000;
const posted: { url: string; headers: Headers; body: Record<string, unknown> }[] = [];
let answers: (() => Response | Promise<Response>)[] = [];
const created = () => new Response('{}', { status: 201 });

beforeEach(() => {
  vi.useFakeTimers({ now: NOW });
  vi.spyOn(console, 'warn').mockReturnValue();
  posted.length = 0;
  answers = [];
  vi.stubGlobal('fetch', async (request: Request) => {
    posted.push({ url: request.url, headers: request.headers, body: JSON.parse(await request.text()) });
    const answer = (answers.shift() ?? created)();
    return Promise.race([
      answer,
      new Promise<never>((_, reject) =>
        request.signal.addEventListener('abort', () => reject(request.signal.reason)),
      ),
    ]);
  });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const client = (options: ServerOptions = {}) => createServerClient({ applicationId: 'app', ...options });
/** Runs a call with all its retries. */
async function finished<T>(call: Promise<T>): Promise<T> {
  await vi.advanceTimersByTimeAsync(20_000);
  return call;
}
const { userId: _, ...anonymous } = RECORDS.id;
const cookie = toHeader({ ...RECORDS, id: anonymous });
const request = {
  headers: new Headers({ Cookie: cookie, 'User-Agent': 'Firefox', 'X-Forwarded-For': '203.0.113.9' }),
};

describe('a user identified on the server', () => {
  it('is told as the page tells them, with the visitor’s address and browser', async () => {
    const call = client({ trustProxy: 1 }).identifyUser('7', { plan: 'pro' }, { request, sessionToken: 't' });
    expect(await finished(call)).toEqual({ status: 'delivered', httpStatus: 201 });
    expect(posted).toMatchObject([{ url: 'https://api.moesif.net/v1/users' }]);
    expect(posted[0]?.headers.get('X-Moesif-Application-Id')).toBe('app');
    expect(posted[0]?.body).toEqual({
      user_id: '7',
      anonymous_id: 'anon',
      company_id: 'acme',
      session_token: 't',
      ip_address: '203.0.113.9',
      user_agent_string: 'Firefox',
      campaign: { utm_source: 'a' },
      metadata: { plan: 'pro' },
    });
  });

  it('is told by a request of Node, or without any', async () => {
    const node = {
      headers: { cookie, 'user-agent': 'Safari' },
      socket: { remoteAddress: '::ffff:192.0.2.1' },
    };
    await finished(client().identifyUser('7', null, { request: node, companyId: 'other' }));
    expect(posted[0]?.body).toMatchObject({
      company_id: 'other',
      ip_address: '192.0.2.1',
      user_agent_string: 'Safari',
      campaign: { utm_source: 'a' },
    });
    await finished(client().identifyUser(7, null, { cookie, address: '192.0.2.2' }));
    expect(posted[1]?.body).toMatchObject({ user_id: '7', anonymous_id: 'anon', ip_address: '192.0.2.2' });
    await finished(client().identifyUser('7'));
    expect(posted[2]?.body).toEqual({ user_id: '7' });
  });

  it('who is another one than the page knows has nothing of theirs', async () => {
    await finished(client().identifyUser('8', null, { cookie: toHeader(RECORDS) }));
    expect(posted[0]?.body).toEqual({ user_id: '8' });
  });

  it('is not told a campaign again that the page has delivered', async () => {
    const campaign = { ...RECORDS.campaign, delivered: RECORDS.campaign.first.at };
    await finished(client().identifyUser('7', null, { cookie: toHeader({ ...RECORDS, campaign }) }));
    expect(posted[0]?.body).toEqual({ user_id: '7', anonymous_id: 'anon', company_id: 'acme' });
  });

  it('is not told without consent', async () => {
    const denied = `${cookie}; ${toCookie('consent', { choice: 'denied' })}`;
    const gpc = { headers: { cookie, 'sec-gpc': '1' } };
    expect(await client().identifyUser('7', null, { cookie: denied })).toMatchObject({
      reason: 'consent-denied',
    });
    expect(await client({ respectGpc: true }).identifyUser('7', null, { request: gpc })).toMatchObject({
      reason: 'consent-denied',
    });
    expect(await client({ consent: 'pending' }).identifyUser('7', null, { cookie })).toMatchObject({
      status: 'dropped',
      reason: 'consent-pending',
    });
    expect(posted).toEqual([]);
  });

  it.each([
    ['', {}, 'invalid-user-id'],
    ['7', [], 'invalid-metadata'],
    ['7', { text: 'x'.repeat(2 ** 20) }, 'too-large'],
  ])('is dropped where the call cannot be meant: %j', async (id, metadata, reason) => {
    expect(await client().identifyUser(id, metadata as object)).toMatchObject({ status: 'dropped', reason });
    expect(posted).toEqual([]);
  });

  it('is delivered without a company that names nobody', async () => {
    expect(await finished(client().identifyUser('7', null, { companyId: ' ' }))).toMatchObject({
      status: 'delivered',
      reason: 'invalid-company-id',
    });
  });
});

describe('the answer', () => {
  const told = (options?: ServerOptions) => finished(client(options).identifyUser('7'));
  const status =
    (status: number, headers = {}, body = '') =>
    () =>
      new Response(body, { status, headers });

  it('is waited for again where it may pass', async () => {
    answers = [status(503), () => Promise.reject(new TypeError('fetch failed'))];
    expect(await told()).toEqual({ status: 'delivered', httpStatus: 201 });
    expect(posted).toHaveLength(3);
  });

  it.each([
    ['network', () => Promise.reject(new TypeError('fetch failed')), { retryAfter: 0 }],
    ['timeout', () => new Promise<never>(() => {}), { retryAfter: 0 }],
    ['http', status(500), { httpStatus: 500, retryAfter: 0 }],
    ['http', status(401), { httpStatus: 401, retryAfter: Infinity }],
    ['rate-limited', status(429, { 'Retry-After': '60' }), { httpStatus: 429, retryAfter: 60_000 }],
    ['redirected', status(302, { Location: '/login' }), { retryAfter: 0 }],
    ['not-the-api', status(200, { 'Content-Type': 'text/html' }, '<html>'), { retryAfter: 0 }],
    ['not-the-api', status(403, { 'Content-Type': 'text/plain' }, 'no'), { retryAfter: 0 }],
  ])('%s is no delivery, and nothing waits: %o', async (reason, answer, more) => {
    answers = Array(4).fill(answer);
    const receipt = await told({ timeout: 5000 });
    expect(receipt).toMatchObject({ status: 'dropped', reason, ...more });
    expect(receipt.message).not.toMatch(/it waits/);
    expect(console.warn).toHaveBeenCalled();
  });

  it('that refuses for good is not asked for again', async () => {
    answers = [status(400, {}, '{}')];
    expect(await told()).toEqual({
      status: 'dropped',
      reason: 'http',
      httpStatus: 400,
      message: expect.any(String),
    });
    expect(posted).toHaveLength(1);
  });

  it('that asks for a long wait is the caller’s to wait for', async () => {
    answers = [status(503, { 'Retry-After': '3600' })];
    expect(await told()).toMatchObject({ reason: 'http', retryAfter: 3_600_000 });
    expect(posted).toHaveLength(1);
  });
});

describe('a company identified on the server', () => {
  it('is told with the visitor’s campaign', async () => {
    const call = client().identifyCompany('acme', { plan: 'pro' }, 'acme.com', { cookie, sessionToken: 't' });
    expect(await finished(call)).toMatchObject({ status: 'delivered' });
    expect(posted).toMatchObject([{ url: 'https://api.moesif.net/v1/companies' }]);
    expect(posted[0]?.body).toEqual({
      company_id: 'acme',
      company_domain: 'acme.com',
      session_token: 't',
      campaign: { utm_source: 'a' },
      metadata: { plan: 'pro' },
    });
  });

  it('is dropped where its id names nobody', async () => {
    expect(await client().identifyCompany('')).toMatchObject({ reason: 'invalid-company-id' });
  });
});

describe('options', () => {
  it.each([{ attribution: 'frist' }, { host: 'a b' }, { trustProxy: -1 }, { sessionTimeout: 3 }])(
    'that cannot be meant are refused with a sentence: %j',
    options => expect(() => client(options as object)).toThrow(/^utmost: /),
  );

  it('without an application id are said, and calls are dropped', async () => {
    const error = vi.spyOn(console, 'error').mockReturnValue();
    const { identifyUser } = createServerClient({ applicationId: undefined });
    expect(error).toHaveBeenCalledTimes(1);
    expect(await identifyUser('7')).toEqual({
      status: 'dropped',
      reason: 'not-started',
      message: 'there is no applicationId; set it on this server',
      retryAfter: Infinity,
    });
  });
});

it('says of any visitor what the page says, and never rejects', async () => {
  await fc.assert(
    fc.asyncProperty(
      anyRecords,
      fc.constantFrom('first' as const, 'last' as const),
      async (records, attribution) => {
        posted.length = 0;
        const header = toHeader({ ...records, consent: {} });
        const options = { attribution, includeAttribution: true, clickIds: true };
        await finished(client(options).identifyUser('7', null, { cookie: header }));
        Object.defineProperty(document, 'cookie', { configurable: true, get: () => header, set() {} });
        const page = fakePage({ url: 'https://www.example.com/' });
        const store = createRecordStore(new URL('https://www.example.com/'), page.setTimer);
        const settings = normalizeOptions({ applicationId: 'app', ...options });
        const { anonymous_id, ...body } = createVisitor(
          store,
          { ...page, now: () => NOW },
          settings,
        ).toUserUpdate('7').body;
        const { anonymous_id: own = anonymous_id, ...said } = posted[0]?.body ?? {};
        expect({ ...said, own }).toEqual({ ...body, own: anonymous_id });
      },
    ),
    { numRuns: 50 },
  );
});
