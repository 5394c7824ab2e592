import { describe, expect, it } from 'vitest';
import { attribute } from '../../src/campaign/attribution.ts';
import { readParameters } from '../../src/campaign/parameters.ts';
import { toAttributionMetadata, toClickIdMetadata } from '../../src/campaign/payload.ts';
import { type Attribution, NO_TOUCHES, type Visit } from '../../src/campaign/rules.ts';
import { rules, visit } from './visits.ts';

const arrive = (landing: Visit, more = {}) => attribute(NO_TOUCHES, landing, { ...rules, ...more });

describe('a round trip', () => {
  const back = (departedTo?: string) => ({ ...visit('', 'https://idp.partner.org/'), departedTo });

  it('is to come back from the host this tab was sent to, or one below it', () => {
    expect(arrive(back('idp.partner.org')).decision).toMatchObject({ rule: 'round-trip', outcome: 'kept' });
    expect(arrive(back('partner.org')).decision.rule).toBe('round-trip');
  });

  it('is none from another host, without a trip, or without a referrer', () => {
    expect(arrive(back('elsewhere.org')).decision.rule).toBe('referral');
    expect(arrive(back()).decision.rule).toBe('referral');
    expect(arrive({ ...visit(), departedTo: 'idp.partner.org' }).decision.rule).toBe('direct');
  });

  it('blanks only the referrer of a tagged visit', () => {
    const tagged = { ...visit('?utm_source=ad', 'https://idp.partner.org/'), departedTo: 'idp.partner.org' };
    expect(arrive(tagged).decision).toMatchObject({ rule: 'campaign', campaign: { utm_source: 'ad' } });
    expect(arrive(tagged).decision.campaign).not.toHaveProperty('referrer');
  });
});

describe('includeAttribution', () => {
  const landing = visit('offer?utm_source=a&fbclid=f');

  it('keeps path and click ids with the touch, and only where it is on', () => {
    const { first } = arrive(landing, { includeAttribution: true }).attribution;
    expect(first).toMatchObject({ path: '/offer', clickIds: { fbclid: 'f' } });
    expect(arrive(landing).attribution.first).toEqual({
      campaign: { utm_source: 'a' },
      at: landing.at,
      rule: 'campaign',
    });
  });

  it('a page without an address has no path', () => {
    const { first } = arrive({ ...landing, url: '?utm_source=a' }, { includeAttribution: true }).attribution;
    expect(first?.path).toBeUndefined();
    expect(toAttributionMetadata({ first, count: 1, lastActivityAt: 1 })).toMatchObject({
      first: { landing_path: null },
    });
  });
});

describe('what metadata.attribution tells', () => {
  const touched = () =>
    arrive(visit('offer?utm_source=a&fbclid=f'), { includeAttribution: true }).attribution;
  const first = {
    utm_source: 'a',
    utm_medium: null,
    utm_campaign: null,
    utm_term: null,
    utm_content: null,
    referrer: null,
    referring_domain: null,
    gclid: null,
    gbraid: null,
    wbraid: null,
    dclid: null,
    msclkid: null,
    fbclid: 'f',
    ttclid: null,
    twclid: null,
    li_fat_id: null,
    rdt_cid: null,
    sccid: null,
    irclid: null,
    epik: null,
    yclid: null,
    utm_id: null,
    time: '2026-01-15T00:00:00.000Z',
    rule: 'campaign',
    landing_path: '/offer',
  };

  it('is every field of both touches, the absent ones null, and their number', () => {
    expect(toAttributionMetadata(touched())).toEqual({ count: 1, first, last: first });
    const last = { campaign: { gclid: 'g' }, at: 0, rule: 'referral' as const };
    expect(toAttributionMetadata({ ...touched(), last, count: 2 })).toMatchObject({
      count: 2,
      first,
      last: {
        gclid: 'g',
        utm_source: null,
        fbclid: null,
        landing_path: null,
        time: '1970-01-01T00:00:00.000Z',
      },
    });
  });

  it('is nothing before there is a touch', () => {
    expect(toAttributionMetadata(NO_TOUCHES)).toBeUndefined();
  });
});

describe('what metadata.click_ids tells', () => {
  const touch = (campaign: object, at: number, clickIds?: Record<string, string>) => ({
    campaign,
    at,
    rule: 'campaign' as const,
    path: '/offer',
    ...(clickIds && { clickIds }),
  });
  const told = (first: object, last?: object) =>
    toClickIdMetadata({ first, last, count: 2, lastActivityAt: 1 } as Attribution);
  const at = (time: string, id: string) => ({ id, time, landing_path: '/offer' });

  it('is each click id with its time and landing path, whether it is a campaign’s field or not', () => {
    expect(told(touch({ gclid: 'g' }, 0, { utm_id: 'x', yclid: 'y' }))).toEqual({
      gclid: at('1970-01-01T00:00:00.000Z', 'g'),
      yclid: at('1970-01-01T00:00:00.000Z', 'y'),
    });
  });

  it('is the id of the latest touch that has it', () => {
    expect(
      told(touch({ gclid: 'g' }, 0, { msclkid: 'm' }), touch({ gclid: 'h' }, 1000, { epik: 'e' })),
    ).toEqual({
      gclid: at('1970-01-01T00:00:01.000Z', 'h'),
      msclkid: at('1970-01-01T00:00:00.000Z', 'm'),
      epik: at('1970-01-01T00:00:01.000Z', 'e'),
    });
  });

  it('is nothing without a click id, of whatever a cookie holds', () => {
    expect(told(touch({ utm_source: 'a' }, 0, { utm_id: 'x' }))).toBeUndefined();
    expect(told(touch({}, 0, { fbclid: {} } as never))).toBeUndefined();
    expect(toClickIdMetadata(NO_TOUCHES)).toBeUndefined();
  });
});

it('what lies beyond 65,536 characters of an address is not read', () => {
  const url = (length: number) => `https://example.com/?${'a'.repeat(length)}&utm_source=x`;
  expect(readParameters(url(60_000)).campaign).toEqual({ utm_source: 'x' });
  expect(readParameters(url(70_000)).campaign).toEqual({});
});
