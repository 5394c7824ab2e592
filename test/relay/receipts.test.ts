import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { toOutcome } from '../../src/delivery/outcome.ts';
import type { JsonObject } from '../../src/shared/types.ts';
import { createWorld, update } from '../delivery/dispatcher-world.ts';
import { Collector } from '../world.ts';
import { APPLICATION_ID, hang, openServer, openUserCom, poster, reset, respond, TOKEN } from './world.ts';

type Open<T extends (...rest: never[]) => unknown> = Awaited<ReturnType<T>>;
let usersApi: Open<typeof openServer>;
let userCom: Open<typeof openUserCom>;

beforeEach(async () => {
  usersApi = await openServer();
  userCom = await openUserCom();
  await userCom.create('ada');
  userCom.calls.length = 0;
  vi.spyOn(console, 'warn').mockImplementation(() => {});
});
afterEach(async () => {
  await Promise.all([usersApi.close(), userCom.close()]);
});

/** A page whose updates go to a relay with both systems behind it. */
function openPage() {
  const post = poster({
    applicationId: APPLICATION_ID,
    upstream: usersApi.url,
    userCom: { baseUrl: userCom.url, token: TOKEN },
    timeout: 300,
  });
  const collector = new Collector();
  const send = async (body: JsonObject) => {
    const { status, headers } = await post('/v1/users', { body });
    return toOutcome(status, headers.get('Retry-After'), Date.now(), false, 123);
  };
  return createWorld({ collector: Object.assign(collector, { send }) });
}

const identify = (page: ReturnType<typeof openPage>) => {
  const draft = update('ada', { plan: 'pro', tags: ['trial'] });
  return page.dispatcher.submit({ ...draft, body: { ...draft.body, anonymous_id: 'a' } });
};

/** What both systems hold of the user in the end. */
async function expectOnceInEffect() {
  expect(await userCom.users()).toHaveLength(1);
  expect(await userCom.user('ada')).toMatchObject({
    tags: [{ name: 'trial' }],
    attributes: [expect.objectContaining({ name: 'plan', value: 'pro' })],
  });
  const bodies = usersApi.got.map(({ body: { ip_address: _, ...body } }) => JSON.stringify(body));
  expect(bodies.length).toBeGreaterThan(0);
  expect(new Set(bodies).size).toBe(1);
}

it('both up: delivered, by one request to each', async () => {
  const page = openPage();
  expect(await identify(page)).toEqual({ status: 'delivered', httpStatus: 201 });
  expect([usersApi.got.length, userCom.calls.length]).toEqual([1, 1]);
  await expectOnceInEffect();
  expect(page.store.bodies).toEqual([]);
});

describe.each(['the Users API', 'User.com'])('%s', name => {
  const fail = (fault?: ReturnType<typeof respond>) => {
    if (name === 'User.com') userCom.fault = fault;
    else usersApi.rule = fault ?? respond(201);
  };

  it.each([
    ['is down', reset, { httpStatus: 503 }],
    ['answers 500', respond(500), { message: expect.stringMatching(/^HTTP 50[03]; it waits$/) }],
    ['never answers', hang, { httpStatus: 503 }],
    ['refuses the key', respond(401), { httpStatus: 401 }],
    ['wants less', respond(429, { 'Retry-After': '1' }), { httpStatus: 429 }],
  ])('%s: queued, and delivered to both by the next page', async (_, fault, receipt) => {
    fail(fault);
    const page = openPage();
    expect(await identify(page)).toMatchObject({ status: 'queued', ...receipt });
    expect(page.store.bodies).toHaveLength(1);
    page.close();

    fail(undefined);
    const next = openPage();
    // Long enough after the call that it is no longer the page's own.
    for (const [id, entry] of page.store.entries) next.store.entries.set(id, { ...entry, ownedSince: 0 });
    await next.dispatcher.flushAll();
    expect(next.confirmed).toHaveLength(1);
    expect(next.store.bodies).toEqual([]);
    await expectOnceInEffect();
  });

  it('refuses the update for good: dropped, and said', async () => {
    fail(respond(400));
    const page = openPage();
    expect(await identify(page)).toMatchObject({ status: 'dropped', httpStatus: 400 });
    expect(console.warn).toHaveBeenCalledOnce();
    await vi.waitFor(() => expect(page.store.bodies).toEqual([]));
  });

  it('wants less: nothing is sent to either before the time it gave', async () => {
    fail(respond(429, { 'Retry-After': '1' }));
    const page = openPage();
    await identify(page);
    const before = [usersApi.got.length, userCom.calls.length];
    fail(undefined);
    page.page.wake();
    await page.dispatcher.flushAll();
    expect([usersApi.got.length, userCom.calls.length]).toEqual(before);
    await vi.waitFor(() => expect(page.confirmed).toHaveLength(1), 3000);
    await expectOnceInEffect();
  });
});

it('a user whom User.com does not know: dropped, though the Users API has it', async () => {
  const page = openPage();
  const draft = update('nobody');
  expect(await page.dispatcher.submit(draft)).toMatchObject({ status: 'dropped', httpStatus: 404 });
  expect(usersApi.got).toHaveLength(1);
});
