import { describe, expect, test } from 'vitest';
import type { Body } from './collector.ts';
import { summarize, type Update } from './summarize.ts';

const first: Update = { call: 0, user: 'ada', value: true, campaign: 'spring' };
const second: Update = { call: 1, user: 'ada', value: true, token: 'new' };
const both = [first, second];

const bodyOf = (call: number, more: Body = {}): Body => ({
  user_id: 'ada',
  anonymous_id: 'visitor',
  ...more,
  metadata: { [`call_${call}`]: true, latest: call },
});
const one = bodyOf(0, { campaign: { utm_source: 'spring' } });
const two = bodyOf(1, { session_token: 'new' });
const merged: Body = { ...one, ...two, metadata: { ...one.metadata, ...two.metadata } };

const allWell = { n: 2, delivered: 2, outOfOrder: 0, duplicates: 0, repeats: 0 };

describe('what became of two updates', () => {
  test('one request each, in order, is how it should be', () => {
    expect(summarize(both, [one, two])).toEqual(allWell);
  });

  test('both merged into one request are as good', () => {
    expect(summarize(both, [merged])).toEqual(allWell);
  });

  test('nothing stored is nothing delivered', () => {
    expect(summarize(both, [])).toEqual({ ...allWell, delivered: 0 });
  });

  test('an update without its campaign, its token or its own value is not delivered', () => {
    expect(summarize(both, [bodyOf(0), two]).delivered).toBe(1);
    expect(summarize(both, [one, bodyOf(1)]).delivered).toBe(1);
    expect(summarize([{ ...first, value: 'x'.repeat(9) }], [one]).delivered).toBe(0);
    expect(summarize(both, [{ ...one, user_id: 'bob' }, two]).delivered).toBe(1);
  });

  test('ending in the older value is out of order, and passing through it is not', () => {
    expect(summarize(both, [two, one])).toEqual({ ...allWell, outOfOrder: 1 });
    expect(summarize(both, [one, two, one])).toEqual({ ...allWell, outOfOrder: 1, repeats: 1 });
    expect(summarize(both, [one, two, one, two])).toEqual({ ...allWell, repeats: 2 });
  });

  test('a lost newest update is a loss and no disorder', () => {
    expect(summarize(both, [one])).toEqual({ ...allWell, delivered: 1 });
  });

  test('a request that brings something new is no repeat', () => {
    expect(summarize(both, [one, merged])).toEqual(allWell);
    expect(summarize(both, [merged, one]).repeats).toBe(1);
  });

  test('an alias that nobody gave is a duplicate effect', () => {
    expect(summarize(both, [one, { ...two, anonymous_id: 'another' }]).duplicates).toBe(1);
    expect(summarize(both, [{ ...one, session_token: 'old' }, two]).duplicates).toBe(1);
  });

  test('the same campaign told twice of a visitor is a repeat', () => {
    const visit: Body = { anonymous_id: 'visitor', campaign: { utm_source: 'spring' } };
    expect(summarize(both, [visit, one, two]).repeats).toBe(0);
    expect(summarize(both, [visit, visit, one, two]).repeats).toBe(1);
  });
});
