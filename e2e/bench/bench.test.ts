import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openRun } from '../delivery/run.ts';
import { playRun } from '../delivery/scenario.ts';
import { openTestSite, SECURE, type TestSite } from '../delivery/test-site.ts';
import { BASELINE, type Competitor, THIS } from './competitors.ts';
import { costOf, costsOf } from './costs.ts';
import { BLANK, SITUATIONS } from './entrants.ts';
import { mixpanelOf, moesifOf, posthogOf, segmentOf } from './requests.ts';
import { measureRounds } from './rounds.ts';
import { meanOf, median, shuffle } from './samples.ts';
import { SCENARIOS } from './scenarios.ts';
import { lessThan } from './verdict.ts';

const url = (path: string) => new URL(path, 'http://collector.test');
const json = (value: unknown) => Buffer.from(JSON.stringify(value));
const metadata = { call_0: true, latest: 0 };
const update = { user_id: 'ada', metadata };

describe('a request tells the updates it brings', () => {
  test('to the Users API: one of a user, none of a visitor or a company', () => {
    expect(moesifOf(json({ ...update, anonymous_id: 'visitor' }), url('/v1/users'))).toEqual([update]);
    expect(moesifOf(json({ anonymous_id: 'visitor', campaign: {} }), url('/v1/users'))).toEqual([]);
    expect(moesifOf(json({ company_id: 'acme', metadata }), url('/v1/companies'))).toEqual([]);
  });

  test('to Segment: identify calls, alone or in a batch, and no page', () => {
    const identify = { type: 'identify', userId: 'ada', traits: metadata };
    expect(segmentOf(json(identify))).toEqual([update]);
    expect(segmentOf(json({ batch: [{ type: 'page', userId: 'ada' }, identify, identify] }))).toEqual([
      update,
      update,
    ]);
  });

  test('to PostHog: events that set a person’s properties, packed or in a form', () => {
    const events = [
      { event: '$pageview', properties: { distinct_id: 'ada' } },
      { event: '$identify', properties: { distinct_id: 'ada' }, $set: metadata },
    ];
    expect(posthogOf(gzipSync(json(events)))).toEqual([update]);
    expect(posthogOf(json({ batch: events }))).toEqual([update]);
    expect(posthogOf(Buffer.from(`data=${encodeURIComponent(json(events).toString('base64'))}`))).toEqual([
      update,
    ]);
  });

  test('to Mixpanel: people.set, and no event', () => {
    const form = (value: unknown) =>
      Buffer.from(`data=${encodeURIComponent(json(value).toString('base64'))}`);
    expect(mixpanelOf(form([{ $set: metadata, $distinct_id: 'ada' }]))).toEqual([update]);
    expect(mixpanelOf(form([{ event: '$identify', properties: {} }]))).toEqual([]);
  });
});

test('a median is one of the values, and a mean tells its standard error', () => {
  expect(median([3, 1, 2])).toBe(2);
  expect(median([Number.POSITIVE_INFINITY, 1, Number.POSITIVE_INFINITY])).toBe(Number.POSITIVE_INFINITY);
  expect(meanOf([1, 3, 5, 7])).toEqual({ mean: 4, error: expect.closeTo(1.291, 3) });
});

test('a round has everything once, and the next in another order', () => {
  const all = Array.from({ length: 50 }, (_, n) => n);
  expect(shuffle(all)).not.toEqual(all);
  expect(shuffle(all).sort((a, b) => a - b)).toEqual(all);
});

test('who has less than the first is said by column', () => {
  const measured = [
    { name: 'ours', values: [2, 2] },
    { name: 'theirs', values: [1, 3] },
    { name: 'nobody’s', values: [1, Number.NaN] },
  ];
  expect(lessThan(['init', 'all'], measured, String)).toBe('in init (2), theirs (1) and nobody’s (1).');
  expect(lessThan(['init', 'all'], measured.slice(0, 1), String)).toBe('none.');
});

describe('in a browser', () => {
  let testSite: TestSite;
  beforeAll(async () => {
    testSite = await openTestSite();
  });
  afterAll(() => testSite.close());

  const silent: Competitor = { ...BASELINE, identify: () => 'undefined' };
  test.each([
    ['utmost', THIS, 1],
    ['the hand-written snippet', BASELINE, 1],
    ['one that sends nothing', silent, 0],
  ])('a redirect is played with %s', async (name, competitor, delivered) => {
    const redirect = SCENARIOS.find(({ name }) => name === 'redirect, same origin');
    if (!redirect) throw new Error('There is no such scenario.');
    const brief = { ...redirect, within: delivered ? 20_000 : 500, later: 100 };
    const run = openRun(testSite, name.replaceAll(' ', '-'), SECURE, {}, competitor);
    const { counted } = await playRun(run, brief);
    expect(counted).toMatchObject({ n: 1, delivered, outOfOrder: 0 });
  });

  test('what a page does is measured over a blank page, and counted', { timeout: 120_000 }, async () => {
    const busy: Competitor = {
      ...BASELINE,
      name: 'busy',
      init: host =>
        `${BASELINE.init(host, {})}; for (const end = performance.now() + 80; performance.now() < end; );`,
      identify: call =>
        `(window.kept = Array.from({ length: 1e5 }, Math.random), indexedDB.open('busy'), navigator.locks.query(),
          ${BASELINE.identify(call)})`,
    };
    const entrants = [BLANK, { name: 'busy', competitor: busy }];
    const situations = SITUATIONS.filter(({ kind, visit }) => (kind === 'view') === (visit === 'later'));
    const measured = await measureRounds(testSite, entrants, 1, situations);
    const costs = costsOf(measured);
    const blank = costOf(costs, BLANK.name, 'view', 'later');
    expect(blank).toMatchObject({
      leaves: Number.POSITIVE_INFINITY,
      counts: { requests: 0, timers: 0, 'storage reads': 0 },
    });
    const view = costOf(costs, 'busy', 'view', 'later');
    expect(view).toMatchObject({ leaves: Number.POSITIVE_INFINITY, long: 1, loads: 1 });
    for (const { entrant, loads } of measured)
      for (const { task, script, longest } of loads) {
        expect(task).toBeGreaterThan(script);
        if (entrant.competitor) expect(Math.min(script, longest)).toBeGreaterThanOrEqual(80);
        else expect(script).toBeLessThan(80);
      }
    const counts = {
      'cookie reads': 1,
      'cookie writes': 0,
      'storage reads': 1,
      'storage writes': 0,
      timers: 1,
    };
    expect(view?.counts).toEqual({ ...counts, databases: 0, locks: 0, requests: 0 });
    const identify = costOf(costs, 'busy', 'identify', 'first');
    expect(identify?.leaves).toBeGreaterThan(0);
    expect(identify?.leaves).toBeLessThan(Number.POSITIVE_INFINITY);
    expect((identify?.heap ?? 0) - (view?.heap ?? 0)).toBeGreaterThan(8e5);
    expect(identify?.counts).toMatchObject({ 'cookie writes': 1, databases: 1, locks: 1, requests: 1 });
    // It is put, read again when it is sent, and removed.
    expect(identify?.counts['storage writes']).toBe(2);
  });
});
