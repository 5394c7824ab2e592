import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { attribute } from '../../src/campaign/attribution.ts';
import { selectCampaign, withoutExpired } from '../../src/campaign/payload.ts';
import type { Attribution } from '../../src/campaign/rules.ts';
import { toAttribution } from '../../src/identity/records.ts';

const FIELDS = [
  'utm_source',
  'utm_medium',
  'utm_campaign',
  'utm_term',
  'utm_content',
  'referrer',
  'referring_domain',
  'gclid',
];

const touch = (campaign: object, at = 1) => ({ campaign, at, rule: 'campaign' as const });
const first = touch({ gclid: 'g', utm_source: 'a', referring_domain: 'news.org' }, 1);
const last = touch({ utm_medium: 'b' }, 2);
const known: Attribution = { count: 2, lastActivityAt: 2, first, last };

/** What any script on any subdomain could have written into the cookie. */
const tampered = (record: unknown) => toAttribution(record as Record<string, unknown>);

describe('under first', () => {
  it('the first touch travels, its fields in the documented order', () => {
    const sending = selectCampaign(known, 'first');
    expect(JSON.stringify(sending?.campaign)).toBe(
      '{"utm_source":"a","referring_domain":"news.org","gclid":"g"}',
    );
    expect(sending?.touch.at).toBe(1);
  });
});

describe('under last', () => {
  it('the last touch travels with nulls for what it does not have', () => {
    const sending = selectCampaign(known, 'last');
    expect(Object.keys(sending?.campaign ?? {})).toEqual(FIELDS);
    expect(sending?.campaign).toMatchObject({ utm_source: null, utm_medium: 'b', gclid: null });
    expect(sending?.touch.at).toBe(2);
  });

  it('the only touch is the last one too', () => {
    expect(selectCampaign({ count: 1, lastActivityAt: 1, first }, 'last')?.touch.at).toBe(1);
  });
});

describe('nothing travels', () => {
  it.each(['first', 'last'] as const)('of nobody, under %s', model => {
    expect(selectCampaign({ count: 0, lastActivityAt: 0 }, model)).toBeUndefined();
  });

  it.each([null, 5, 'text', [], {}, { utm_source: 5, gclid: null, referrer: {} }, { utm_source: '' }])(
    'of a stored campaign that is %j',
    campaign => {
      const record = tampered({ count: 1, lastActivityAt: 1, first: { at: 1, campaign } });
      expect(selectCampaign(record, 'first')).toBeUndefined();
      expect(selectCampaign(record, 'last')).toBeUndefined();
    },
  );
});

it('an empty text in a tampered campaign is none', () => {
  const record = tampered({ first: { at: 1, campaign: { utm_source: 'a', utm_medium: '' } } });
  expect(selectCampaign(record, 'last')?.campaign).toMatchObject({ utm_source: 'a', utm_medium: null });
});

it('of a tampered campaign only texts under documented names travel', () => {
  const record = tampered({ first: { at: 1, campaign: { utm_source: 'a', gclid: 5, user_id: 'b' } } });
  expect(selectCampaign(record, 'first')?.campaign).toEqual({ utm_source: 'a' });
});

it('no stored record whatever makes a rule throw', () => {
  const any = fc.jsonValue().filter(value => !/toString|valueOf/.test(JSON.stringify(value)));
  const part = fc.oneof(any, fc.record({ at: any, campaign: any }));
  const records = fc.record({ first: part, last: part, count: any, lastActivityAt: any });
  const rules = {
    site: 'example.com',
    excludeReferrers: [],
    includeAttribution: false,
    clickIds: false,
    sessionTimeout: 30,
    campaignMaxAge: 180,
  };
  fc.assert(
    fc.property(records, record => {
      const alive = withoutExpired(tampered(record), 1, 180);
      const visit = { url: 'https://example.com/?utm_source=new', referrer: 'https://news.org/', at: 1 };
      const { attribution } = attribute(alive, visit, rules);
      for (const model of ['first', 'last'] as const) {
        const { campaign = {} } = selectCampaign(attribution, model) ?? {};
        for (const [field, value] of Object.entries(campaign)) {
          expect(FIELDS).toContain(field);
          expect(value === null || typeof value === 'string').toBe(true);
        }
      }
    }),
  );
});

it('not even a time that cannot be reckoned with', () => {
  const first = { at: { toString: 0, valueOf: 0 }, campaign: {} };
  withoutExpired(tampered({ count: 1, lastActivityAt: 1, first }), 1, 180);
});
