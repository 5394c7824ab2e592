import { describe, expect, it } from 'vitest';
import { type CampaignClient, readKnown, toValueName } from '../../src/features/forms/values.ts';
import type { Touch, Touches } from '../../src/shared/types.ts';

const touch = (campaign: Touch['campaign'], more: Partial<Touch> = {}): Touch => ({
  campaign,
  at: 1,
  rule: 'campaign',
  ...more,
});
const clientWith = (touches: Touches, campaign = touches.first?.campaign): CampaignClient => ({
  getTouches: () => touches,
  getCampaign: () => campaign,
  getAnonymousId: () => 'id',
});

describe('the values of fields', () => {
  const first = touch({ utm_source: 'a', gclid: 'g' }, { path: '/a', clickIds: { fbclid: 'f' } });
  const last = touch({ utm_source: 'b' }, { path: '/b' });

  it('are those of the campaign that the user is given, of the first and of the last touch', () => {
    const { values } = readKnown(clientWith({ first, last, count: 2 }, last.campaign)) ?? {};
    expect({ ...values }).toEqual({
      anonymous_id: 'id',
      utm_source: 'b',
      landing_page: '/b',
      first_utm_source: 'a',
      first_gclid: 'g',
      first_fbclid: 'f',
      first_landing_page: '/a',
      last_utm_source: 'b',
      last_landing_page: '/b',
    });
  });

  it('are of one touch, where it is the first and the last', () => {
    const { values } = readKnown(() => clientWith({ first: last, count: 1 })) ?? {};
    expect([values?.utm_source, values?.first_utm_source, values?.last_utm_source]).toEqual(['b', 'b', 'b']);
  });

  it('are the id alone for a visitor without a campaign', () => {
    const known = readKnown(clientWith({ count: 0 }));
    expect({ ...known?.values }).toEqual({ anonymous_id: 'id' });
    expect(known?.campaign).toBeUndefined();
  });

  it('are only texts, whatever another script has written into the cookie', () => {
    const forged = touch({ utm_source: { toString: 1 } as unknown as string, utm_term: '' });
    expect({ ...readKnown(clientWith({ first: forged, count: 1 }, undefined))?.values }).toEqual({
      anonymous_id: 'id',
    });
  });

  it('are none of an object’s own', () => {
    expect(readKnown(clientWith({ count: 0 }))?.values.constructor).toBeUndefined();
  });

  it('are unknown without consent, without a client, and while the loader snippet answers', () => {
    const client = clientWith({ first, count: 1 });
    expect(readKnown({ ...client, getAnonymousId: () => undefined })).toBeUndefined();
    expect(readKnown(() => undefined)).toBeUndefined();
    const stub = { ...client, getAnonymousId: () => Promise.resolve('id') as unknown as string };
    expect(readKnown(stub)).toBeUndefined();
  });
});

describe('the name of a field', () => {
  it.each([
    ['utm_source', {}, 'utm_source'],
    ['form_fields[utm_source]', {}, 'utm_source'],
    ['data[lead][gclid]', {}, 'gclid'],
    ['0-1/utm_source', {}, 'utm_source'],
    ['items[]', {}, ''],
    ['', {}, ''],
    ['lead_utm_source', { prefix: 'lead_' }, 'utm_source'],
    ['f[lead_utm_source]', { prefix: 'lead_' }, 'utm_source'],
    ['utm_source', { prefix: 'lead_' }, ''],
    ['input_5', { names: { utm_source: 'input_5' } }, 'utm_source'],
    ['input_9', { names: { gclid: ['input_6', 'input_9'] } }, 'gclid'],
    ['utm_term', { names: { gclid: 'input_6' } }, 'utm_term'],
  ])('%s with %j asks for %s', (name, names, expected) => {
    expect(toValueName(name, names)).toBe(expected);
  });
});
