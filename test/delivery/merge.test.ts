import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { commutes, merge, mergeWaiting, toBatches } from '../../src/delivery/merge.ts';
import { byteLength, MAX_BYTES } from '../../src/shared/byte-length.ts';
import type { Entry, JsonObject } from '../../src/shared/types.ts';

const parse = (text: string) => JSON.parse(text) as JsonObject;
const json = fc.dictionary(fc.string(), fc.jsonValue()) as fc.Arbitrary<JsonObject>;

let count = 0;
const entry = (body: JsonObject): Entry => ({ id: `${count++}`, profile: 'p', body, at: 1 });
const together = (...bodies: JsonObject[]) => mergeWaiting(bodies.map(entry));

describe('merging', () => {
  it('goes into objects at every depth', () => {
    expect(merge({ a: { b: { c: 1, d: 2 } }, x: 1 }, { a: { b: { d: 3 }, e: 4 } })).toEqual({
      a: { b: { c: 1, d: 3 }, e: 4 },
      x: 1,
    });
  });

  it('replaces arrays, scalars and null whole', () => {
    const older = { a: [1, 2], b: { c: 1 }, d: 1, e: null, f: [1], g: { h: 1 } };
    const newer = { a: [3], b: null, d: { i: 2 }, e: { j: 1 }, f: {}, g: [] };
    expect(merge(older, newer)).toEqual(newer);
  });

  it('keeps the place of a key, and puts new ones last', () => {
    expect(Object.keys(merge({ user_id: 1, campaign: 2 }, { metadata: 3, user_id: 4 }))).toEqual([
      'user_id',
      'campaign',
      'metadata',
    ]);
  });

  it('takes __proto__ and constructor as plain keys', () => {
    const merged = merge(
      parse('{"__proto__":{"a":1}}'),
      parse('{"__proto__":{"b":2},"constructor":{"c":3}}'),
    );
    expect(JSON.stringify(merged)).toBe('{"__proto__":{"a":1,"b":2},"constructor":{"c":3}}');
    expect(JSON.stringify(merge({}, parse('{"__proto__":{"a":1}}')))).toBe('{"__proto__":{"a":1}}');
    expect(Object.getPrototypeOf(merged)).toBe(Object.prototype);
    expect('a' in {}).toBe(false);
  });

  it('changes neither input, and the same update twice is once', () => {
    fc.assert(
      fc.property(json, json, (older, newer) => {
        const before = JSON.stringify([older, newer]);
        const merged = merge(older, newer);
        expect(merge(merged, newer)).toEqual(merged);
        expect(JSON.stringify([older, newer])).toBe(before);
      }),
    );
  });

  it('of updates that keep a key’s type is associative: merged ones say what they said one by one', () => {
    // The server keeps one type for a key: here the key's letter stands for it.
    const { update } = fc.letrec<{ update: JsonObject }>(tie => ({
      update: fc.record(
        { n: fc.integer(), s: fc.string(), l: fc.array(fc.integer()), o: tie('update') },
        { requiredKeys: [] },
      ) as fc.Arbitrary<JsonObject>,
    }));
    fc.assert(
      fc.property(update, update, update, (stored, first, second) => {
        expect(merge(stored, merge(first, second))).toEqual(merge(merge(stored, first), second));
      }),
    );
  });
});

describe('what waits', () => {
  it('merges in order, the newest value last', () => {
    expect(
      together({ user_id: '1', metadata: { a: 1, b: 1 } }, { user_id: '1', metadata: { b: 2 } }),
    ).toEqual({
      count: 2,
      body: { user_id: '1', metadata: { a: 1, b: 2 } },
    });
  });

  it('of one entry is that entry, however large', () => {
    const body = { metadata: { a: 'x'.repeat(2 * MAX_BYTES) } };
    expect(together(body, {})).toEqual({ count: 1, body });
  });

  it('with two session tokens never merges past the first: each is an alias the server collects', () => {
    const [a, b, none] = [{ session_token: 'a' }, { session_token: 'b' }, { metadata: { c: 1 } }];
    expect(together(a, b).count).toBe(1);
    expect(together(none, a, none, a, b)).toEqual({ count: 4, body: { ...none, ...a } });
    expect(together(none, b)).toEqual({ count: 2, body: { ...none, ...b } });
  });

  it('merges up to 1 MB of UTF-8 and not a byte more', () => {
    const empty = byteLength('{"a":"","b":""}');
    const half = '🌊'.repeat(100_000);
    const rest = 'x'.repeat(MAX_BYTES - empty - 400_000);
    expect(together({ a: half }, { b: rest }).count).toBe(2);
    expect(together({ a: half }, { b: `${rest}x` })).toEqual({ count: 1, body: { a: half } });
  });

  it('changes no entry', () => {
    const entries = [entry({ metadata: { a: 1 } }), entry({ metadata: { b: 1 } })];
    const before = structuredClone(entries);
    mergeWaiting(entries);
    expect(entries).toEqual(before);
  });

  it('says to the server what the updates say one by one, also when an object follows a null', () => {
    const stored = { metadata: { address: { street: 'old' } } };
    const updates = [{ metadata: { address: null } }, { metadata: { address: { city: 'new' } } }];
    const oneByOne = updates.reduce<JsonObject>((older, newer) => merge(older, newer), stored);
    const { body, count: taken } = together(...updates);
    expect(
      updates.slice(taken).reduce<JsonObject>((older, newer) => merge(older, newer), merge(stored, body)),
    ).toEqual(oneByOne);
  });
});

describe('two updates commutes', () => {
  it.each([
    [{}, {}],
    [{ a: 1 }, { b: 2 }],
    [{ a: 1 }, { a: 1, b: 2 }],
    [{ a: { b: 1 } }, { a: { c: 2 } }],
    [{ a: { b: [1, { c: 2 }] } }, { a: { b: [1, { c: 2 }] } }],
    [{ a: null }, { a: null }],
  ])('%j and %j, in either order', (one, other) => {
    expect([commutes(one, other), commutes(other, one)]).toEqual([true, true]);
  });

  it.each([
    [{ a: 1 }, { a: 2 }],
    [
      { a: 1, b: 1 },
      { a: 1, b: 2 },
    ],
    [{ a: { b: 1 } }, { a: { b: 2 } }],
    [{ a: { b: 1 } }, { a: null }],
    [{ a: {} }, { a: [] }],
    [{ a: [1] }, { a: [1, 2] }],
    [{ a: 1 }, { a: '1' }],
  ])('not %j and %j', (one, other) => {
    expect([commutes(one, other), commutes(other, one)]).toEqual([false, false]);
  });

  it('where their order makes no difference', () => {
    fc.assert(
      fc.property(json, json, (one, other) => {
        fc.pre(commutes(one, other));
        expect(merge(one, other)).toEqual(merge(other, one));
      }),
    );
  });
});

it('all entries go in as few requests as say the same, in order', () => {
  const tokens = ['1', '1', '2'].map((session_token, n) => entry({ session_token, n }));
  expect(toBatches(tokens, mergeWaiting)).toEqual([
    { count: 2, body: { session_token: '1', n: 1 } },
    { count: 1, body: { session_token: '2', n: 2 } },
  ]);
  expect(toBatches([], mergeWaiting)).toEqual([]);
});
