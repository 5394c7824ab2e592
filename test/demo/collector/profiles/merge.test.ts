import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  cleanMetadata,
  isNestedAtMost,
  type Json,
  type JsonObject,
} from '../../../../demo/collector/json.ts';
import { type Dated, merge, timesOf, underlay } from '../../../../demo/collector/profiles/merge.ts';

const parse = (text: string) => JSON.parse(text) as JsonObject;
const dated = (value: Json, at = 0): Dated => ({ value, times: timesOf(value, at) });
/** The value after updates, each with its time. */
const updated = (...updates: [at: number, update: Json][]) =>
  updates.reduce((stored, [at, update]) => merge(stored, update, at), dated({})).value;

const key = fc.constantFrom('a', 'b', 'c', '', '__proto__', 'constructor');
const value: fc.Arbitrary<Json> = fc.letrec<{ value: Json; object: JsonObject }>(tie => ({
  object: fc.dictionary(key, tie('value'), { maxKeys: 3 }) as fc.Arbitrary<JsonObject>,
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom<Json>(1, 'x', null, true, [1]),
    tie('object'),
  ),
})).value;
const object = fc.dictionary(key, value, { maxKeys: 4 }) as fc.Arbitrary<JsonObject>;

describe('metadata', () => {
  it('merges objects at every depth', () => {
    const stored = { sales: { stage: 'lead', owner: { name: 'Mary' } }, title: 'Engineer' };
    const update = { sales: { stage: 'customer', owner: { phone: '1' } } };
    expect(updated([1, stored], [2, update])).toEqual({
      sales: { stage: 'customer', owner: { name: 'Mary', phone: '1' } },
      title: 'Engineer',
    });
  });

  it('replaces arrays, scalars and null whole', () => {
    expect(updated([1, { a: [1, 2], b: { c: 1 }, d: 1 }], [2, { a: [3], b: null, d: { e: 2 } }])).toEqual({
      a: [3],
      b: null,
      d: { e: 2 },
    });
  });

  it('keeps __proto__ and constructor as plain keys', () => {
    const merged = updated(
      [1, parse('{"__proto__": {"a": 1}}')],
      [2, parse('{"__proto__": {"b": 2}, "constructor": 3}')],
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

  it('gives the key that was spelled so its way where two become one', () => {
    expect(cleanMetadata({ 'a.b': 1, a_b: 2 })).toEqual({ a_b: 2 });
    expect(cleanMetadata({ a_b: 2, 'a.b': 1 })).toEqual({ a_b: 2 });
  });

  it('replaces what PostgreSQL can not hold, and keeps whole surrogate pairs', () => {
    expect(cleanMetadata({ 'k\0': 'a\0b', lone: '\uD800', pair: '\u{1F30A}' })).toEqual({
      'k\uFFFD': 'a\uFFFDb',
      lone: '\uFFFD',
      pair: '\u{1F30A}',
    });
  });
});

describe('the merge', () => {
  it('is the same after the same update twice, and no argument is changed', () => {
    fc.assert(
      fc.property(object, object, (stored, update) => {
        const before = JSON.stringify([stored, update]);
        const once = merge(dated(stored), update, 1);
        expect(merge(once, update, 1)).toEqual(once);
        expect(JSON.stringify([stored, update])).toBe(before);
      }),
    );
  });

  it('does not depend on the order of keys', () => {
    const reversed = (json: Json): Json =>
      typeof json !== 'object' || json === null || Array.isArray(json)
        ? json
        : Object.fromEntries(
            Object.entries(json)
              .reverse()
              .map(([name, part]) => [name, reversed(part)]),
          );
    fc.assert(
      fc.property(object, object, (stored, update) => {
        const turned = merge(dated(reversed(stored)), reversed(update), 1);
        expect(turned).toEqual(merge(dated(stored), update, 1));
      }),
    );
  });

  it('leads to the same value in whatever order updates of different times arrive', () => {
    const updates = fc.array(object, { minLength: 2, maxLength: 5 }).chain(list => {
      const timed = list.map((update, index): [number, JsonObject] => [index + 1, update]);
      return fc.tuple(
        fc.constant(timed),
        fc.shuffledSubarray(timed, { minLength: list.length, maxLength: list.length }),
      );
    });
    fc.assert(
      fc.property(updates, ([inOrder, shuffled]) => {
        expect(updated(...shuffled)).toEqual(updated(...inOrder));
      }),
      { numRuns: 1000 },
    );
  });

  it('never lets an older value win, and still adds what was not there', () => {
    expect(
      updated([5, { plan: 'gold', deep: { a: 1 } }], [3, { plan: 'old', deep: { a: 0, b: 2 } }]),
    ).toEqual({
      plan: 'gold',
      deep: { a: 1, b: 2 },
    });
  });

  it('keeps what was written after a null that arrives late, and drops what was before', () => {
    expect(updated([1, { a: { old: 1 } }], [5, { a: { young: 1 } }], [3, { a: null }])).toEqual({
      a: { young: 1 },
    });
    expect(updated([1, { a: { old: 1 } }], [3, { a: null }], [2, { a: { late: 1 } }])).toEqual({ a: null });
  });
});

describe('a visitor under a user', () => {
  it('gives what the user does not have, and nothing else, whatever is younger', () => {
    const user = dated({ a: 1, deep: { b: 1 }, gone: null }, 1);
    const visitor = dated({ a: 2, deep: { b: 2, c: 2 }, d: 2, gone: 2 }, 2);
    expect(underlay(user, visitor).value).toEqual({ a: 1, deep: { b: 1, c: 2 }, d: 2, gone: null });
  });

  it('is the user where there is no visitor, and the visitor where there is no user', () => {
    fc.assert(
      fc.property(object, one => {
        expect(underlay(dated(one), dated({})).value).toEqual(one);
        expect(underlay(dated({}), dated(one)).value).toEqual(one);
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
