import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openRun } from '../delivery/run.ts';
import { playRun } from '../delivery/scenario.ts';
import { openTestSite, SECURE, type TestSite } from '../delivery/test-site.ts';
import { BASELINE, type Competitor, THIS } from './competitors.ts';
import { measureLoad } from './loads.ts';
import { median, quantile } from './quantiles.ts';
import { mixpanelOf, moesifOf, posthogOf, segmentOf } from './requests.ts';
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

test('a percentile is one of the values', () => {
  expect([median([3, 1, 2]), quantile([3, 1, 2], 0.95), quantile([5], 0.95)]).toEqual([2, 3, 5]);
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

  test('a load is measured from the script to a second after the calls', async () => {
    const idle = 30;
    const busy: Competitor = {
      ...BASELINE,
      init: () => `for (const end = performance.now() + ${idle}; performance.now() < end; );`,
      identify: () => 'undefined',
    };
    const { evaluate, init, identify, longest, busy: all } = await measureLoad(testSite, busy, 'load');
    expect(init).toBeGreaterThanOrEqual(idle);
    expect(evaluate).toBeGreaterThan(0);
    expect(identify).toBeLessThan(init);
    expect(longest).toBeGreaterThanOrEqual(init);
    expect(all).toBeGreaterThanOrEqual(longest);
  });
});
