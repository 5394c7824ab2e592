import { describe, expect, it } from 'vitest';
import { type SimulatedVisit, simulateVisits } from '../../src/campaign/simulate.ts';

const DAY = 86_400_000;
const T = Date.UTC(2026, 0, 15);
const HOME = 'https://www.example.com/';
const at = (days: number, query = '', referrer = ''): SimulatedVisit => ({
  url: HOME + query,
  referrer,
  at: T + days * DAY,
});
const source = (visits: SimulatedVisit[], attribution: 'first' | 'last' = 'first') =>
  simulateVisits(visits, { attribution }).campaign?.utm_source;

describe('a clock that was wrong once', () => {
  it.each([-365, -1, 181, 365, 4000])('by %s days takes no touch away', days => {
    const visits = [at(0, '?utm_source=a'), at(days), at(1)];
    expect(source(visits)).toBe('a');
    expect(source(visits, 'last')).toBe('a');
    expect(simulateVisits(visits).first?.at).toBe(T);
  });

  it.each([-365, 365])('by %s days during a second campaign leaves the first one first', days => {
    const visits = [at(0, '?utm_source=a'), at(days, '?utm_source=b'), at(1)];
    expect(source(visits)).toBe('a');
  });

  it('and set back leaves the later campaign the last one, for a touch of the future is one of now', () => {
    expect(source([at(0, '?utm_source=a'), at(365, '?utm_source=b'), at(1)], 'last')).toBe('b');
  });

  it('on the first visit of all loses nothing when it is right again', () => {
    expect(source([at(900, '?utm_source=a'), at(0), at(1)])).toBe('a');
  });
});

describe('a touch that is really too old', () => {
  it('no longer travels, and is not told', () => {
    const { campaign, first, last } = simulateVisits([at(0, '?utm_source=a'), at(181)]);
    expect([campaign, first, last]).toEqual([undefined, undefined, undefined]);
  });

  it('gives its place to the next one', () => {
    for (const attribution of ['first', 'last'] as const)
      expect(source([at(0, '?utm_source=a'), at(200, '?utm_source=b')], attribution)).toBe('b');
  });

  it('gives its place for good: of three, the second is the first then', () => {
    const visits = [at(0, '?utm_source=a'), at(100, '?utm_source=b'), at(200, '?utm_source=c')];
    const { first, last } = simulateVisits(visits);
    expect([first?.campaign.utm_source, last?.campaign.utm_source]).toEqual(['b', 'c']);
  });

  it('does not come back as the first when there have been others', () => {
    expect(source([at(0, '?utm_source=a'), at(200, '?utm_source=b'), at(201, '?utm_source=c')])).toBe('b');
  });
});

describe('the session', () => {
  const back = (days: number) => at(days, '', 'https://news.org/');

  it('after a visit in the future runs on, once, and then by the right clock', () => {
    const { decisions } = simulateVisits([at(0), at(365), back(0.001), back(0.5)]);
    expect(decisions.map(({ rule }) => rule)).toEqual(['direct', 'direct', 'same-session', 'referral']);
  });

  it('of a clock that was behind is over', () => {
    expect(simulateVisits([at(-365), back(0)]).decisions[1]?.rule).toBe('referral');
  });
});
