import { describe, expect, it } from 'vitest';
import { NO_TOUCHES } from '../../../src/campaign/rules.ts';
import { readIdentity, readTouches } from '../../../src/features/moesif/import-visitor.ts';

const NOW = 1_000;

/** What moesif-browser-js left behind. */
const left = (values: Record<string, string>) => (name: string) => values[`moesif_${name}`];
const campaignOf = (data: unknown) => {
  const text = typeof data === 'string' ? data : JSON.stringify(data);
  return readTouches(left({ moesif_campaign_data: text }), NOW);
};

describe('the identity', () => {
  it('is taken over whole', () => {
    const theirs = left({
      moesif_anonymous_id: '1949a8ff-3b2c',
      moesif_stored_user_id: 'user ü',
      moesif_stored_company_id: '42',
    });
    expect(readIdentity(theirs)).toEqual({
      anonymousId: '1949a8ff-3b2c',
      userId: 'user ü',
      companyId: '42',
    });
  });

  it.each([
    {},
    { moesif_anonymous_id: '' },
    { moesif_anonymous_id: 'null', moesif_stored_user_id: 'undefined' },
  ])('is nobody in %j, and an own anonymous id is not displaced', values => {
    const adopted = readIdentity(left(values));
    expect({ anonymousId: 'own', ...adopted }).toEqual({ anonymousId: 'own' });
  });

  it('a name that only begins like null is a name', () => {
    expect(readIdentity(left({ moesif_stored_user_id: 'nullable' })).userId).toBe('nullable');
  });
});

describe('the campaign', () => {
  it('becomes the first touch, through the hygiene of a landing page', () => {
    const adopted = campaignOf({
      utm_source: ' news ',
      utm_medium: '{{ad.medium}}',
      utm_content: 'me@example.com',
      gclid: 'a b+c&d',
      referrer: 'https://user:pw@news.org:8443/a?token=x#y',
      referring_domain: 'user:pw@news.org:8443',
      other: 'x',
    });
    expect(adopted).toEqual({
      count: 1,
      lastActivityAt: NOW,
      first: {
        at: NOW,
        rule: 'adopted',
        campaign: {
          utm_source: 'news',
          gclid: 'a b+c&d',
          referrer: 'https://news.org:8443/a',
          referring_domain: 'news.org',
        },
      },
    });
  });

  it('of a referrer alone is one too', () => {
    expect(campaignOf({ referrer: 'https://news.org/' }).first?.campaign).toEqual({
      referrer: 'https://news.org/',
      referring_domain: 'news.org',
    });
  });

  it.each([
    '',
    'null',
    'undefined',
    '{}',
    '{"utm_source":',
    '5',
    'true',
    '"text"',
    '[]',
    '{"fbclid":"only"}',
    '{"referrer":null}',
    '{"utm_source":{"a":1}}',
  ])('is none in %j', text => expect(campaignOf(text)).toEqual(NO_TOUCHES));

  it('that is left for the company alone has been sent with the user', () => {
    const campaign_company = '{"utm_source":"news"}';
    const adopt = (campaign_data: string) =>
      readTouches(
        left({ moesif_campaign_data: campaign_data, moesif_campaign_company: campaign_company }),
        NOW,
      );
    expect(adopt('')).toMatchObject({ first: { campaign: { utm_source: 'news' } }, delivered: NOW });
    expect(adopt('{"utm_source":"ads"}').first?.campaign).toEqual({ utm_source: 'ads' });
    expect(adopt('{"utm_source":"ads"}')).not.toHaveProperty('delivered');
  });

  it('is none in a list', () => {
    expect(campaignOf([1, 2])).toEqual(NO_TOUCHES);
  });

  it('has no field for an absent value', () => {
    expect(campaignOf({ utm_source: null, gclid: 'g' }).first?.campaign).toEqual({ gclid: 'g' });
  });
});
