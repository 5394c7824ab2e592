import { describe, expect, it } from 'vitest';
import { type SimulatedVisit, type SimulationOptions, simulateVisits } from '../../src/campaign/simulate.ts';

const T = 1e12;
const HOME = 'https://www.example.com/';
const PSP = 'https://pay.unknownpsp.example/';
const KNOWN: SimulatedVisit = { url: `${HOME}?utm_source=ad&utm_medium=cpc`, at: T };
const HOURS = 3 * 3_600_000;

const arrive = (
  query: string,
  before: SimulatedVisit[] = [],
  more: Partial<SimulatedVisit> = {},
  options?: SimulationOptions,
) => {
  const visit = { url: `${HOME}thanks${query}`, referrer: PSP, at: T + HOURS, ...more };
  const simulation = simulateVisits([...before, visit], options);
  return { ...simulation, decision: simulation.decisions.at(-1) };
};

describe('an address that says it is returned to', () => {
  it.each([
    '?utm_nooverride=1',
    '?order=7&utm_nooverride=1',
    '?order=7&amp;utm_nooverride=1',
    '?UTM_NOOVERRIDE=1&x',
    '?utm_nooverride=true#receipt',
    '#/thanks?utm_nooverride=1',
    '?ignore_referrer=1',
    '?ignore_referer=1',
    '?a=b&ignore_referrer=true',
    '?Ignore_Referer=1',
  ])('is no referral, whether or not somebody is known: %s', query => {
    for (const before of [[], [KNOWN], [{ url: HOME, at: T }]]) {
      const { decision, campaign } = arrive(query, before, {}, { attribution: 'last' });
      expect(decision).toMatchObject({ rule: 'intermediary', outcome: 'kept' });
      expect(campaign?.utm_source).toBe(before[0] === KNOWN ? 'ad' : undefined);
      expect(campaign?.referring_domain ?? null).toBeNull();
    }
  });

  it.each([
    '?utm_nooverride=0',
    '?utm_nooverride=false',
    '?utm_nooverride=',
    '?utm_nooverride',
    '?utm_nooverride=10',
    '?utm_nooverride=trueish',
    '?utm_nooverrides=1',
    '?xutm_nooverride=1',
    '?ignore_referrer=0',
    '?ignore_referrer=false',
    '?ignore_referer=',
    '?ignore_refer=1',
    '?ignore_referrrer=1',
    '/utm_nooverride=1',
    '?q=utm_nooverride%3D1',
  ])('says nothing of the kind by %s', query => {
    expect(arrive(query).decision).toMatchObject({ rule: 'referral', outcome: 'new touch' });
  });
});

describe('utm_nooverride beside tags', () => {
  const query = '?utm_source=psp&utm_nooverride=1';

  it('leaves a known campaign as it is', () => {
    const { decision, campaign } = arrive(query, [KNOWN], {}, { attribution: 'last' });
    expect(decision).toMatchObject({ rule: 'intermediary', outcome: 'kept' });
    expect(campaign).toMatchObject({ utm_source: 'ad', utm_medium: 'cpc' });
  });

  it('without a referrer leaves it, too', () => {
    expect(arrive(query, [KNOWN], { referrer: '' }).decision).toMatchObject({
      rule: 'direct',
      outcome: 'kept',
    });
  });

  it('counts where nothing is known, without the referrer', () => {
    for (const before of [[], [{ url: HOME, at: T }]]) {
      const { decision } = arrive(query, before);
      expect(decision).toMatchObject({
        rule: 'campaign',
        outcome: 'new touch',
        campaign: { utm_source: 'psp' },
      });
      expect(decision?.campaign).not.toHaveProperty('referring_domain');
    }
  });

  it.each(['0', 'false', ''])('says nothing by the value %j', value => {
    const { decision } = arrive(`?utm_source=psp&utm_nooverride=${value}`, [KNOWN]);
    expect(decision).toMatchObject({ rule: 'campaign', campaign: { utm_source: 'psp', referrer: PSP } });
  });
});

it.each(['ignore_referrer', 'ignore_referer'])('%s beside tags leaves out the referrer alone', name => {
  for (const before of [[], [KNOWN]]) {
    const { decision } = arrive(`?utm_source=psp&${name}=1`, before);
    expect(decision).toMatchObject({
      rule: 'campaign',
      outcome: 'new touch',
      campaign: { utm_source: 'psp' },
    });
    expect(decision?.campaign).not.toHaveProperty('referrer');
  }
});
