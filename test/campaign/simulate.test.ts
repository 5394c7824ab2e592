import { describe, expect, it } from 'vitest';
import { simulateVisits } from '../../src/campaign/simulate.ts';

const DAY = 24 * 60 * 60_000;
const tagged = (source: string) => `https://www.example.com/?utm_source=${source}`;

it('tells what an identify after the last visit would send, and why', () => {
  const { campaign, decisions } = simulateVisits([
    { url: tagged('newsletter') },
    { url: 'https://www.example.com/pricing', referrer: 'https://www.example.com/' },
    { url: 'https://app.example.com/login', referrer: 'https://accounts.google.com/' },
    { url: tagged('ad') },
  ]);
  expect(campaign).toEqual({ utm_source: 'newsletter' });
  expect(decisions.map(({ rule, outcome }) => [rule, outcome])).toEqual([
    ['campaign', 'new touch'],
    ['internal', 'kept'],
    ['intermediary', 'kept'],
    ['campaign', 'new touch'],
  ]);
});

it('without a campaign there is none to send', () => {
  const simulation = simulateVisits([{ url: 'https://example.com/' }]);
  expect(simulation).toEqual({ decisions: [expect.objectContaining({ rule: 'direct' })] });
  expect(simulateVisits([])).toEqual({ decisions: [] });
});

it('the last touch takes the absent fields away', () => {
  const { campaign, first, last } = simulateVisits(
    [{ url: `${tagged('a')}&utm_term=x` }, { url: tagged('b') }],
    { attribution: 'last' },
  );
  expect(campaign).toMatchObject({ utm_source: 'b', utm_term: null, gclid: null });
  expect([first?.campaign.utm_source, last?.campaign.utm_source]).toEqual(['a', 'b']);
});

it('a visit without a time is an hour after the one before: a session of its own', () => {
  const visits = [{ url: tagged('a') }, { url: 'https://example.com/', referrer: 'https://news.org/' }];
  const { decisions } = simulateVisits(visits);
  expect(decisions.map(({ at }) => at)).toEqual([3_600_000, 7_200_000]);
  expect(decisions[1]?.rule).toBe('referral');
  expect(simulateVisits(visits, { sessionTimeout: 61 }).decisions[1]?.rule).toBe('same-session');
});

it('a touch that is too old no longer travels', () => {
  const visits = [
    { url: tagged('old'), at: 0 },
    { url: 'https://example.com/', at: 181 * DAY },
  ];
  expect(simulateVisits(visits).campaign).toBeUndefined();
  expect(simulateVisits(visits, { campaignMaxAge: 200 }).campaign).toEqual({ utm_source: 'old' });
});

it('a round trip is told by the host the tab was sent to', () => {
  const visits = (departedTo?: string) =>
    simulateVisits([{ url: 'https://example.com/', referrer: 'https://idp.partner.org/', departedTo }]);
  expect(visits('idp.partner.org').decisions[0]?.rule).toBe('round-trip');
  expect(visits('elsewhere.org').decisions[0]?.rule).toBe('referral');
});

it('own excluded hosts and ones taken off the default list count', () => {
  const rule = (referrer: string, excludeReferrers: string[]) =>
    simulateVisits([{ url: 'https://example.com/', referrer }], { excludeReferrers }).decisions[0]?.rule;
  expect(rule('https://sso.partner.org/', ['https://SSO.partner.org/'])).toBe('intermediary');
  expect(rule('https://www.paypal.com/', ['!paypal.com'])).toBe('referral');
});

describe('the site', () => {
  it.each([
    [
      'what the hosts have in common',
      ['https://www.example.co.uk/', 'https://app.example.co.uk/'],
      'example.co.uk',
    ],
    ['the one host without www', ['https://www.example.com/'], 'example.com'],
    ['the first host, where they share nothing', ['https://a.com/', 'https://b.com/'], 'a.com'],
  ])('is by default %s', (_, urls, site) => {
    const last = { url: urls.at(-1) as string, referrer: `https://sub.${site}/` };
    const { decisions } = simulateVisits([...urls.map(url => ({ url })), last]);
    expect(decisions.at(-1)?.rule).toBe('internal');
  });

  it('can be given', () => {
    const visit = { url: 'https://app.example.com/', referrer: 'https://www.example.com/' };
    expect(simulateVisits([visit], { site: 'app.example.com' }).decisions[0]?.rule).toBe('referral');
  });
});

it('is pure, and refuses a wrong option in a sentence', () => {
  const visits = Object.freeze([Object.freeze({ url: tagged('a') })]);
  expect(simulateVisits(visits)).toEqual(simulateVisits(visits));
  expect(() => simulateVisits([], { sessionTimeout: -1 })).toThrow('utmost: sessionTimeout must be');
});

it('first and last touch carry click ids and landing path where the option is on', () => {
  const { first, campaign } = simulateVisits([{ url: 'https://example.com/offer?fbclid=f1' }], {
    includeAttribution: true,
  });
  expect(first).toMatchObject({ clickIds: { fbclid: 'f1' }, path: '/offer', campaign: {} });
  expect(campaign).toBeUndefined();
});
