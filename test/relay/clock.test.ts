import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { relayRequest } from '../../src/delivery/requests/relay.ts';
import { createRelay } from '../../src/relay.ts';
import { APPLICATION_ID, openServer, SITE } from './world.ts';

let api: Awaited<ReturnType<typeof openServer>>;
beforeAll(async () => {
  api = await openServer();
});
afterAll(() => api.close());
beforeEach(() => {
  api.got.length = 0;
});

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const DAY = 24 * 60 * MINUTE;
/** How far two readings of one clock may be apart in a test. */
const SLACK = 5 * SECOND;

/** Posts what a page would, on a device whose clock is `off` by some time; `search` in place of what a page says. */
async function post(path: string, body: object, off: number, search?: string) {
  const sent = relayRequest(`${SITE}/t`, body as never, path, Date.now() + off);
  const url = search === undefined ? sent.url : sent.url.replace(/(\?.*)?$/, search);
  const headers = { ...sent.headers, Origin: SITE };
  const relay = createRelay({ applicationId: APPLICATION_ID, upstream: api.url });
  return relay(new Request(url, { method: 'POST', headers, body: sent.body }));
}

/** An action of `age` ago, as a clock that is `off` has it. */
const action = (age: number, off: number, name = 'a') => ({
  action_name: name,
  request: { uri: '/', time: new Date(Date.now() + off - age).toISOString() },
});

/** How long ago the upstream has it that something happened. */
const ageOf = (time: string) => Date.now() - Date.parse(time);
const expectAge = (time: string, age: number) => {
  expect(Math.abs(ageOf(time) - age), time).toBeLessThan(SLACK);
  expect(ageOf(time)).toBeGreaterThanOrEqual(0);
};

const CLOCKS = [
  -40 * DAY,
  -400 * DAY,
  -3 * 60 * MINUTE,
  -MINUTE,
  MINUTE,
  2 * 60 * MINUTE,
  40 * DAY,
  9000 * DAY,
];

describe.each(CLOCKS)('a device whose clock is off by %i ms', off => {
  it('has its action placed where it happened', async () => {
    for (const age of [0, 5 * MINUTE, 20 * DAY])
      expect((await post('actions', action(age, off), off)).status).toBe(201);
    const [first, second, third] = api.got.map(({ body }) => body.request.time);
    expectAge(first, 0);
    expectAge(second, 5 * MINUTE);
    expectAge(third, 20 * DAY);
  });

  it('has each action of a batch placed where it happened, and all else as it was', async () => {
    const batch = [
      action(DAY, off, 'first'),
      action(MINUTE, off, 'second'),
      { action_name: 'c', request: { uri: '/' } },
    ];
    expect((await post('actions/batch', batch, off)).status).toBe(201);
    const body: ReturnType<typeof action>[] = api.got[0]?.body;
    expect(body.map(({ action_name }) => action_name)).toEqual(['first', 'second', 'c']);
    expectAge(`${body[0]?.request.time}`, DAY);
    expectAge(`${body[1]?.request.time}`, MINUTE);
    expect(body[2]?.request).toEqual({ uri: '/' });
  });

  it('has what a user was changed at corrected, too', async () => {
    for (const [path, body] of [
      ['users', { user_id: 'u' }],
      ['companies', { company_id: 'c' }],
    ] as const) {
      const modified_time = new Date(Date.now() + off - 50 * DAY).toISOString();
      await post(path, { ...body, modified_time }, off, `?sent_at=${Date.now() + off}`);
    }
    expect(api.got).toHaveLength(2);
    for (const { body } of api.got) expectAge(body.modified_time, 50 * DAY);
  });
});

describe('a time', () => {
  const timeOf = async (...call: Parameters<typeof post>): Promise<string> => {
    api.got.length = 0;
    expect((await post(...call)).status).toBe(201);
    return api.got[0]?.body.request.time;
  };

  it('stays as it was worded where the clock is right, but for the way of the request', async () => {
    for (const off of [0, -2 * SECOND, 2 * SECOND]) {
      const body = {
        action_name: 'a',
        request: { uri: '/', time: new Date(Date.now() - DAY).toISOString().replace('Z', '+00:00') },
      };
      expect(await timeOf('actions', body, off)).toBe(body.request.time);
    }
  });

  it('is never in the future', async () => {
    for (const off of [0, 5 * SECOND, DAY, -DAY]) {
      expectAge(await timeOf('actions', action(-MINUTE, off), off), 0);
      expectAge(await timeOf('actions', action(-MINUTE, 0), off, ''), 0);
    }
  });

  it('is never from before what the API takes, 30 days, where its age is known', async () => {
    for (const [age, off] of [
      [31, 0],
      [90, 0],
      [35, -40],
      [35, 40],
    ] as const) {
      const placed = ageOf(await timeOf('actions', action(age * DAY, off * DAY), off * DAY));
      expect(placed).toBeLessThan(30 * DAY);
      expect(placed).toBeGreaterThan(30 * DAY - 5 * MINUTE);
    }
  });

  it.each(['', '?', '?sent_at=', '?sent_at=soon', '?sent_at=-5', '?sent_at=undefined', '?x=1'])(
    'of a script that does not say what its clock shows, %j, stays as it is',
    async search => {
      const old = action(0, -40 * DAY);
      expect(await timeOf('actions', old, 0, search)).toBe(old.request.time);
    },
  );

  it.each([
    '?sent_at=0',
    '?sent_at=9999999999999999',
    '?sent_at=1e9',
    '?sent_at=1&sent_at=2',
    '?x&sent_at=7/',
  ])('is no error, whatever a page claims, such as %j', async search => {
    const age = ageOf(await timeOf('actions', action(DAY, 0), 0, search));
    expect(age).toBeGreaterThanOrEqual(0);
    expect(age).toBeLessThan(30 * DAY);
    const modified_time = '2026-01-01T00:00:00Z';
    expect((await post('users', { user_id: 'u', modified_time }, 0, search)).status).toBe(201);
  });
});

it('a page says what its clock shows with actions and API calls alone: nothing else has a time', () => {
  const url = (path: string) => relayRequest(`${SITE}/t`, {}, path, 1234).url;
  expect(url('users')).toBe(`${SITE}/t/v1/users`);
  expect(url('companies')).toBe(`${SITE}/t/v1/companies`);
  expect(url('actions')).toBe(`${SITE}/t/v1/actions?sent_at=1234`);
  expect(url('actions/batch')).toBe(`${SITE}/t/v1/actions/batch?sent_at=1234`);
  expect(url('events')).toBe(`${SITE}/t/v1/events?sent_at=1234`);
  expect(url('events/batch')).toBe(`${SITE}/t/v1/events/batch?sent_at=1234`);
});
