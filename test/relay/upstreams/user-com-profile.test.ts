import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toUserCom } from '../../../src/relay/upstreams/user-com-profile.ts';
import type { Json, JsonObject } from '../../../src/shared/types.ts';

const attributesOf = (metadata: JsonObject, rest: JsonObject = {}) =>
  toUserCom({ user_id: 'u', metadata, ...rest })?.attributes;

describe('standard attributes', () => {
  it.each([
    ['assigned_to', 'assignedTo', 3],
    ['city', 'city', 'Gdańsk'],
    ['company_id', 'companyId', 'acme'],
    ['country', 'country', 'Poland'],
    ['email', 'email', 'ada@example.com'],
    ['facebook_url', 'facebookUrl', 'https://facebook.com/ada'],
    ['first_name', 'firstName', 'Ada'],
    ['gender', 'gender', 2],
    ['google_url', 'googleUrl', 'https://google.com/ada'],
    ['gravatar_url', 'gravatarUrl', 'https://example.com/ada.png'],
    ['last_name', 'lastName', 'Holm'],
    ['linkedin_url', 'linkedinUrl', 'https://linkedin.com/in/ada'],
    ['notifications', 'notifications', false],
    ['phone_number', 'phoneNumber', '+48123456789'],
    ['region', 'region', 'Pomerania'],
    ['score', 'score', 7],
    ['status', 'status', 2],
    ['timezone', 'timezone', 'Europe/Warsaw'],
    ['twitter_url', 'twitterURL', 'https://twitter.com/ada'],
    ['unsubscribed', 'unsubscribed', true],
  ])('%s comes in either spelling, the exact one winning, and null clears it', (snake, camel, value) => {
    expect(attributesOf({ [snake]: value })).toEqual({ [snake]: value });
    expect(attributesOf({ [camel]: value })).toEqual({ [snake]: value });
    if (camel !== snake) expect(attributesOf({ [snake]: value, [camel]: 'x' })).toEqual({ [snake]: value });
    expect(attributesOf({ [camel]: null })).toEqual({ [snake]: null });
  });

  it('hold one value: a list in place of one is left out, an object is flat', () => {
    expect(attributesOf({ email: ['a@example.com', 'b@example.com'], companyId: [] })).toEqual({});
    expect(attributesOf({ city: { name: 'Gdańsk' } })).toEqual({ city_name: 'Gdańsk' });
  });
});

const CASES: [rule: string, metadata: JsonObject, expected: JsonObject][] = [
  ['phone is the phone number', { phone: '+1' }, { phone_number: '+1' }],
  ['photo_url is the picture', { photo_url: 'https://p' }, { gravatar_url: 'https://p' }],
  ['photoURL is the picture too', { photoURL: 'https://p' }, { gravatar_url: 'https://p' }],
  ['phone only fills a gap', { phoneNumber: '+2', phone: '+1' }, { phone_number: '+2' }],
  ['photo_url only fills a gap', { gravatar_url: 'g', photo_url: 'p' }, { gravatar_url: 'g' }],
  [
    'a name is split at its first space',
    { name: ' Ada  M. Holm' },
    { first_name: 'Ada', last_name: 'M. Holm' },
  ],
  ['a name of one word is a first name', { name: 'Ada' }, { first_name: 'Ada' }],
  ['a name only fills gaps', { name: 'Ada Holm', first_name: 'A.' }, { first_name: 'A.', last_name: 'Holm' }],
  [
    'a name only fills gaps, in either spelling',
    { lastName: 'H.', name: 'Ada Holm' },
    { first_name: 'Ada', last_name: 'H.' },
  ],
  ['an empty name is nothing', { name: '  ' }, {}],
  ['a name that is null clears both', { name: null }, { first_name: null, last_name: null }],
  ['a name that is a number is nothing', { name: 7 }, {}],
  ['a name that is a list is nothing', { name: ['Ada', 'Holm'] }, {}],
  ['a name that is an object is flat', { name: { first: 'Ada' } }, { name_first: 'Ada' }],
  [
    'names are cut at 40 characters',
    { first_name: 'x'.repeat(41), lastName: 'y'.repeat(41) },
    { first_name: 'x'.repeat(40), last_name: 'y'.repeat(40) },
  ],
  [
    'names are cut after they are split',
    { name: `${'x'.repeat(41)} ${'y'.repeat(41)}` },
    { first_name: 'x'.repeat(40), last_name: 'y'.repeat(40) },
  ],
  ['a name is cut between characters', { first_name: '🌊'.repeat(41) }, { first_name: '🌊'.repeat(40) }],
  ['a name of 40 characters stays', { first_name: '🌊'.repeat(40) }, { first_name: '🌊'.repeat(40) }],
  [
    'an unknown key is a custom attribute as it stands',
    { planName: 'pro', 'Shoe size': 43 },
    { planName: 'pro', 'Shoe size': 43 },
  ],
  ['null clears a custom attribute', { plan: null }, { plan: null }],
  [
    'nested objects are flat',
    { address: { geo: { lat: 54.3 }, street: null } },
    { address_geo_lat: 54.3, address_street: null },
  ],
  ['an empty object is nothing', { address: {} }, {}],
  ['a key that is there as such wins over a flattened one', { a_b: 1, a: { b: 2 } }, { a_b: 1 }],
  ['… in whatever order', { a: { b: 2 }, a_b: 1 }, { a_b: 1 }],
  ['a list is JSON', { roles: ['admin', 7, null] }, { roles: '["admin",7,null]' }],
  ['a nested list of objects is JSON', { cart: { items: [{ id: 1 }] } }, { cart_items: '[{"id":1}]' }],
  ['an empty list is an empty one', { roles: [] }, { roles: '[]' }],
  [
    'no nested key makes an attribute of User.com',
    { user: { id: 'v' }, company: { id: 'x' }, phone: { number: 1 } },
    { user__id: 'v', company__id: 'x', phone__number: 1 },
  ],
  ['metadata can not rename the user', { user_id: 'v', userId: 'w' }, {}],
  ['tags are a list of strings', { tags: ['vip', 'beta', 'vip'] }, { tags: ['vip', 'beta'] }],
  ['what is no text among tags is left out', { tags: ['vip', 7, null, {}, ['x'], ' '] }, { tags: ['vip'] }],
  ['one tag may come without a list', { tags: 'vip' }, { tags: ['vip'] }],
  ['tags that are a number are none', { tags: 7 }, {}],
  ['tags that are an object are none', { tags: { vip: true } }, {}],
  ['tags that are null are none, for nothing takes tags away', { tags: null }, {}],
  ['tags that are an empty list are none', { tags: [] }, {}],
  ['an empty key is left out', { '': 1, a: { '': 2 } }, {}],
  [
    'a key nobody chose is left out',
    { ['k'.repeat(121)]: 1, ['k'.repeat(120)]: 2 },
    { ['k'.repeat(120)]: 2 },
  ],
  [
    'what every object inherits is a key like any other',
    { constructor: 1, x: { valueOf: 2 } } as unknown as JsonObject,
    { constructor: 1, x_valueOf: 2 } as unknown as JsonObject,
  ],
];

it.each(CASES)('%s', (_, metadata, expected) => {
  expect(attributesOf(metadata)).toEqual(expected);
});

it('__proto__ is a key like any other', () => {
  const attributes = attributesOf(JSON.parse('{"__proto__": {"admin": true}}'));
  expect(Object.entries(attributes ?? {})).toEqual([['__proto___admin', true]]);
});

it('the campaign is custom attributes, absent fields null, and wins over metadata', () => {
  const campaign = {
    utm_source: 'news',
    utm_medium: null,
    utm_campaign: 'spring',
    utm_term: 't',
    utm_content: 'c',
    referrer: 'https://news.example/',
    referring_domain: 'news.example',
    gclid: 'g',
  };
  expect(attributesOf({ utm_source: 'made up', plan: 'pro' }, { campaign })).toEqual({
    plan: 'pro',
    ...campaign,
  });
});

it('the company is the update’s, else the metadata’s', () => {
  expect(attributesOf({ company_id: 'x' }, { company_id: 'acme' })).toEqual({ company_id: 'acme' });
  expect(attributesOf({ companyId: 'x' })).toEqual({ company_id: 'x' });
});

it('the anonymous id, session token and address of the visitor stay out of it', () => {
  const update = {
    user_id: 'a/b?ü',
    anonymous_id: 'a',
    session_token: 's',
    modified_time: '2026-01-01T00:00:00Z',
    ip_address: '192.0.2.1',
    user_agent_string: 'x',
  };
  expect(toUserCom(update)).toEqual({ userId: 'a/b?ü', attributes: {} });
});

it('a visitor who is not identified is nobody to User.com', () => {
  expect(toUserCom({ anonymous_id: 'a', campaign: { utm_source: 'news' } })).toBeUndefined();
});

it('whatever the metadata: attributes are flat, names short, tags texts, and the id is not among them', () => {
  const key = fc.oneof(
    fc.constantFrom('tags', 'name', 'user', 'id', 'user_id', 'firstName', 'phone', '__proto__', 'a_b'),
    fc.string({ maxLength: 8 }),
  );
  const { value } = fc.letrec<{ value: Json }>(tie => ({
    value: fc.oneof(
      { maxDepth: 4 },
      fc.constantFrom<Json>(null, true, 7, 'x'.repeat(50), ''),
      fc.string({ unit: 'binary', maxLength: 60 }),
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(key, tie('value'), { maxKeys: 4 }),
    ),
  }));
  fc.assert(
    fc.property(fc.dictionary(key, value, { maxKeys: 6 }), metadata => {
      const { tags, ...rest } = attributesOf(metadata as JsonObject) ?? {};
      expect(Object.hasOwn(rest, 'user_id')).toBe(false);
      for (const item of Object.values(rest)) expect(item === null || typeof item !== 'object').toBe(true);
      for (const name of [rest.first_name, rest.last_name])
        expect([...`${name ?? ''}`].length).toBeLessThanOrEqual(40);
      if (tags) for (const tag of tags as Json[]) expect(tag).toBeTypeOf('string');
    }),
    { numRuns: 500 },
  );
});
