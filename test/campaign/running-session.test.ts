import { describe, expect, it } from 'vitest';
import { type SimulatedVisit, type SimulationOptions, simulateVisits } from '../../src/campaign/simulate.ts';

const T = 1e12;
const MINUTE = 60_000;
const HOME = 'https://www.example.com/';
const CONFIRM = `${HOME}confirm?token=x`;

const last = (visits: SimulatedVisit[], options?: SimulationOptions) => {
  const simulation = simulateVisits(visits, options);
  return { ...simulation, decision: simulation.decisions.at(-1) };
};
const signUp: SimulatedVisit[] = [
  { url: HOME, at: T },
  { url: `${HOME}signup`, referrer: HOME, at: T + MINUTE },
];

/** Webmail, banks, survey and video hosts: none of them is on a list. */
const ELSEWHERE = [
  'https://mail.google.com/',
  'https://outlook.live.com/',
  'https://outlook.office.com/',
  'https://mail.yahoo.co.jp/',
  'https://mail.proton.me/',
  'https://app.fastmail.com/',
  'https://webmail.t-online.de/',
  'https://mail.zoho.eu/',
  'https://www.3ds.sparkasse.de/',
  'https://acs.some-bank.example/',
  'https://id.some-provider.example/oauth',
  'android-app://com.google.android.gm/',
];

describe.each(ELSEWHERE)('back from %s', referrer => {
  it('within the session is no acquisition of a direct visitor', () => {
    const { decision, campaign } = last([...signUp, { url: CONFIRM, referrer, at: T + 3 * MINUTE }]);
    expect(decision).toMatchObject({ rule: 'same-session', outcome: 'kept', issues: [] });
    expect(campaign).toBeUndefined();
  });

  it('within the session leaves a campaign as it was, under last too', () => {
    const { decision, campaign } = last(
      [
        { url: `${HOME}?utm_source=ad`, at: T },
        { url: CONFIRM, referrer, at: T + 3 * MINUTE },
      ],
      { attribution: 'last' },
    );
    expect(decision?.rule).toBe('same-session');
    expect(campaign).toMatchObject({ utm_source: 'ad', referring_domain: null });
  });

  it('is one on a first visit, and after the session', () => {
    const { campaign } = last([{ url: HOME, referrer }]);
    expect(campaign).toHaveProperty('referrer');
    const late = last([...signUp, { url: CONFIRM, referrer, at: T + 32 * MINUTE }]);
    expect(late.decision).toMatchObject({ rule: 'referral', outcome: 'new touch' });
    expect(late.campaign).toEqual(campaign);
  });
});

it('a session lasts as long as there are page views, whatever they are', () => {
  const visits = Array.from({ length: 10 }, (_, n) => ({
    url: `${HOME}${n}`,
    referrer: HOME,
    at: T + n * 29 * MINUTE,
  }));
  const back = { url: CONFIRM, referrer: 'https://mail.proton.me/', at: T + 10 * 29 * MINUTE };
  expect(last([...visits, back]).decision?.rule).toBe('same-session');
});

describe('a click id that is on every link of its platform', () => {
  const shared = (referrer: string, at: number) => ({ url: `${HOME}blog?fbclid=x`, referrer, at });
  const ad = { url: `${HOME}?utm_source=google&utm_medium=cpc`, at: T };

  it.each(['https://l.facebook.com/', 'https://m.facebook.com/', 'https://l.instagram.com/', ''])(
    'leaves the campaign that a session began with: from %j',
    referrer => {
      for (const includeAttribution of [false, true]) {
        const { decision, campaign } = last([ad, shared(referrer, T + 2 * MINUTE)], {
          attribution: 'last',
          includeAttribution,
        });
        expect(decision).toMatchObject({ rule: 'same-session', outcome: 'kept' });
        expect(campaign).toMatchObject({ utm_source: 'google', utm_medium: 'cpc', referrer: null });
      }
    },
  );

  it('with a referrer counts like one: on a first visit, and after the session', () => {
    const facebook = { referrer: 'https://l.facebook.com/', referring_domain: 'l.facebook.com' };
    const first = last([shared('https://l.facebook.com/', T)]);
    expect(first.decision).toMatchObject({ rule: 'referral', campaign: facebook });
    expect(last([ad, shared('https://l.facebook.com/', T + 31 * MINUTE)]).last?.campaign).toEqual(facebook);
  });

  it('without a referrer is data only where it travels', () => {
    expect(last([shared('', T)]).decision).toMatchObject({ rule: 'referral', outcome: 'kept' });
    expect(last([shared('', T)], { includeAttribution: true }).first).toMatchObject({
      rule: 'referral',
      clickIds: { fbclid: 'x' },
    });
  });

  it('with tags beside it is a campaign, within a session too', () => {
    const tagged = {
      url: `${HOME}?utm_source=fb&fbclid=x`,
      referrer: 'https://l.facebook.com/',
      at: T + MINUTE,
    };
    expect(last([ad, tagged]).decision).toMatchObject({ rule: 'campaign', outcome: 'new touch' });
  });

  it('is no campaign behind a sign-in page, or on the way back from where the tab was sent to', () => {
    expect(last([shared('https://accounts.google.pl/', T)]).decision?.rule).toBe('intermediary');
    const back = { ...shared('https://idp.org/', T), departedTo: 'idp.org' };
    expect(last([back]).decision?.rule).toBe('round-trip');
  });
});

describe('the click id of an ad, alone', () => {
  const ids = [
    'gclid',
    'gbraid',
    'wbraid',
    'dclid',
    'msclkid',
    'ttclid',
    'twclid',
    'li_fat_id',
    'rdt_cid',
    'sccid',
    'irclid',
    'epik',
    'yclid',
  ];

  it.each(ids)('is a campaign, within a session too: %s', id => {
    const visits = [
      { url: `${HOME}?utm_source=a`, at: T },
      { url: `${HOME}?${id}=X`, referrer: 'https://ads.example.org/', at: T + MINUTE },
    ];
    const { decision, last: touch } = last(visits, { includeAttribution: true });
    expect(decision).toMatchObject({ rule: 'campaign', outcome: 'new touch' });
    expect({ ...touch?.clickIds, ...touch?.campaign }).toMatchObject({
      [id]: 'X',
      referring_domain: 'ads.example.org',
    });
  });

  it.each(ids)('without a referrer is data where it travels: %s', id => {
    const visit = [{ url: `${HOME}?${id}=X` }];
    expect(last(visit).decision).toMatchObject({
      rule: 'campaign',
      outcome: id === 'gclid' ? 'new touch' : 'kept',
    });
    expect(last(visit, { includeAttribution: true }).decision?.outcome).toBe('new touch');
  });
});
