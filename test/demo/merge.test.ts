import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cleanMetadata, isNestedAtMost, type JsonObject } from '../../demo/collector/json.ts';
import { mergeCampaign, mergeMetadata } from '../../demo/collector/merge.ts';

const parse = (text: string) => JSON.parse(text) as JsonObject;

describe('metadata', () => {
  it('merges objects at every depth', () => {
    const stored = { sales: { stage: 'lead', owner: { name: 'Mary' } }, title: 'Engineer' };
    const update = { sales: { stage: 'customer', owner: { phone: '1' } } };
    expect(mergeMetadata(stored, update)).toEqual({
      sales: { stage: 'customer', owner: { name: 'Mary', phone: '1' } },
      title: 'Engineer',
    });
  });

  it('replaces arrays, scalars and null whole', () => {
    expect(mergeMetadata({ a: [1, 2], b: { c: 1 }, d: 1 }, { a: [3], b: null, d: { e: 2 } })).toEqual({
      a: [3],
      b: null,
      d: { e: 2 },
    });
  });

  it('keeps __proto__ and constructor as plain keys', () => {
    const merged = mergeMetadata(
      parse('{"__proto__": {"a": 1}}'),
      parse('{"__proto__": {"b": 2}, "constructor": 3}'),
    );
    expect(JSON.stringify(merged)).toBe('{"__proto__":{"a":1,"b":2},"constructor":3}');
    expect(Object.getPrototypeOf(merged)).toBe(Object.prototype);
  });

  it('turns dots in keys into underscores at every depth, and leaves values alone', () => {
    expect(cleanMetadata({ 'a.b.c': 'x.y', list: [{ 'd.e': 1 }] })).toEqual({
      a_b_c: 'x.y',
      list: [{ d_e: 1 }],
    });
  });

  it('replaces what PostgreSQL can not hold, and keeps whole surrogate pairs', () => {
    expect(cleanMetadata({ 'k\0': 'a\0b', lone: '\uD800', pair: '\u{1F30A}' })).toEqual({
      'k\uFFFD': 'a\uFFFDb',
      lone: '\uFFFD',
      pair: '\u{1F30A}',
    });
  });

  it('is the same after the same update twice, and neither argument is changed', () => {
    const metadata = fc.dictionary(fc.string(), fc.jsonValue()) as fc.Arbitrary<JsonObject>;
    fc.assert(
      fc.property(metadata, metadata, (stored, update) => {
        const before = JSON.stringify([stored, update]);
        const once = mergeMetadata(stored, update);
        expect(mergeMetadata(once, update)).toEqual(once);
        expect(JSON.stringify([stored, update])).toBe(before);
      }),
    );
  });
});

describe('nesting', () => {
  it('counts objects and arrays, and the outermost is the first level', () => {
    expect(isNestedAtMost(0, 1)).toBe(true);
    expect(isNestedAtMost(1, { a: 1 })).toBe(true);
    expect(isNestedAtMost(1, { a: [] })).toBe(false);
    expect(isNestedAtMost(2, { a: [1], b: 2 })).toBe(true);
  });
});

describe('campaign', () => {
  it('sets the posted fields and keeps the others', () => {
    expect(mergeCampaign({ utm_source: 'a', utm_term: 't' }, { utm_source: 'b' })).toEqual({
      utm_source: 'b',
      utm_term: 't',
    });
  });

  it('loses the fields that are posted as null', () => {
    expect(
      mergeCampaign({ utm_source: 'a', utm_term: 't' }, { utm_source: 'b', utm_term: null, gclid: null }),
    ).toEqual({
      utm_source: 'b',
    });
  });
});
