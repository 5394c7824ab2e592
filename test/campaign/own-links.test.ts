import { describe, expect, it } from 'vitest';
import { simulateVisits } from '../../src/campaign/simulate.ts';

const HOME = 'https://www.example.com/';
const LANDING = `${HOME}?utm_source=news&utm_medium=email&utm_campaign=may&gclid=g1&msclkid=m1`;

/** A landing, and a minute later a page of the site by one of its own links. */
const follow = (link: string, options: Parameters<typeof simulateVisits>[1] = {}, referrer = LANDING) =>
  simulateVisits(
    [
      { url: LANDING, at: 1e12 },
      { url: link, referrer, at: 1e12 + 60_000 },
    ],
    options,
  );

const models = ['first', 'last'] as const;

describe.each(models)('an own link under %s', attribution => {
  it.each([
    ['all of them', '?utm_source=news&utm_medium=email&utm_campaign=may&gclid=g1&msclkid=m1'],
    ['in another order, between others', '?ref=x&gclid=g1&page=2&utm_campaign=may&utm_source=news'],
    ['one of them', '?utm_medium=email'],
    ['the click id that is a field', '?gclid=g1'],
    ['a click id that is none, which touches do not keep', '?msclkid=m1'],
    ['encoded in another way', '?utm_source=%6Eews&utm_campaign=%20may'],
    ['in capitals', '?UTM_SOURCE=news'],
    ['in the route of a hash router', '#/pricing?utm_source=news&gclid=g1'],
    ['one of them twice', '?utm_source=news&utm_source=other'],
  ])('that repeats %s changes nothing', (_, query) => {
    const before = follow(`${HOME}p`, { attribution });
    const after = follow(`${HOME}p${query}`, { attribution });
    expect(after.decisions[1]).toMatchObject({
      rule: 'repeated',
      outcome: 'kept',
      issues: expect.any(Array),
    });
    expect(after.decisions[1]?.issues.map(({ code }) => code)).not.toContain('internal-campaign');
    expect([after.campaign, after.first, after.last]).toEqual([before.campaign, before.first, before.last]);
  });

  it.each([
    ['another value', '?utm_source=home'],
    ['one that is the same and one that is another', '?utm_source=news&utm_medium=banner'],
    ['a field that the touch has not', '?utm_source=news&utm_term=x'],
    ['a value that begins alike', '?utm_source=newsletter'],
    ['another click id of that kind', '?utm_source=news&gclid=g2'],
    ['the same word in capitals', '?utm_source=NEWS'],
  ])('that says %s is a campaign of its own, and noted as one between own pages', (_, query) => {
    const { decisions, last } = follow(`${HOME}p${query}`, { attribution });
    expect(decisions[1]).toMatchObject({
      rule: 'campaign',
      outcome: 'new touch',
      issues: [{ key: 'referrer', code: 'internal-campaign' }],
    });
    expect(last?.at).toBe(1e12 + 60_000);
    expect(last?.campaign).not.toHaveProperty('referrer');
  });

  it('from a sibling subdomain, which tells its origin alone, repeats as well', () => {
    const { decisions } = follow(
      'https://shop.example.com/?utm_source=news&gclid=g1',
      { attribution },
      'https://www.example.com/',
    );
    expect(decisions[1]?.rule).toBe('repeated');
  });

  it.each(['https://news.org/', ''])('is none where the referrer is no own page: %j', referrer => {
    const { decisions, last } = follow(`${HOME}?utm_source=news`, { attribution }, referrer);
    expect(decisions[1]).toMatchObject({ rule: 'campaign', outcome: 'new touch' });
    expect(last?.campaign).not.toHaveProperty('utm_medium');
  });

  it('within the latest touch alone: tags of the first one are news after a second', () => {
    const { decisions } = simulateVisits(
      [
        { url: `${HOME}?utm_source=a` },
        { url: `${HOME}?utm_source=b` },
        { url: `${HOME}p?utm_source=a`, referrer: HOME },
      ],
      { attribution },
    );
    expect(decisions[2]).toMatchObject({ rule: 'campaign', outcome: 'new touch' });
  });
});

describe('with includeAttribution, touches keep click ids', () => {
  const options = { includeAttribution: true };
  it('so one that is another is news, and the same one is not', () => {
    expect(follow(`${HOME}p?utm_source=news&msclkid=m1`, options).decisions[1]?.rule).toBe('repeated');
    expect(follow(`${HOME}p?utm_source=news&msclkid=m2`, options).decisions[1]?.rule).toBe('campaign');
    expect(follow(`${HOME}p?fbclid=new`, options).decisions[1]?.rule).toBe('internal');
  });
});

it('a tagged link between own pages of a visitor without a touch is a campaign with that note', () => {
  const { decisions, campaign } = simulateVisits([
    { url: HOME },
    { url: `${HOME}sale?utm_source=home&utm_medium=banner`, referrer: HOME },
  ]);
  expect(campaign).toEqual({ utm_source: 'home', utm_medium: 'banner' });
  expect(decisions[1]?.issues).toEqual([{ key: 'referrer', code: 'internal-campaign' }]);
});

it('an untagged link between own pages has no note', () => {
  expect(follow(`${HOME}p`, {}, HOME).decisions[1]).toMatchObject({ rule: 'internal', issues: [] });
});
