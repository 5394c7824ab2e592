import { afterEach, describe, expect, it } from 'vitest';
import { toJson } from '../../src/identity/metadata.ts';
import { isObject, toText } from '../../src/shared/json.ts';

const renamed: string[] = [];
const json = (metadata: unknown) => {
  renamed.length = 0;
  return toJson(metadata, key => renamed.push(key));
};

it('a JSON object stays as it is', () => {
  const metadata = { email: 'a@b.c', n: 1.5, yes: true, none: null, list: [1, { a: [] }], deep: { er: {} } };
  expect(json(metadata)).toEqual(metadata);
  expect(renamed).toEqual([]);
});

it('dates become ISO 8601 strings, at any depth', () => {
  const at = new Date(Date.UTC(2026, 0, 2, 3, 4, 5, 6));
  const text = '2026-01-02T03:04:05.006Z';
  expect(json({ at, list: [at], deep: { at } })).toEqual({ at: text, list: [text], deep: { at: text } });
});

it('an object that knows its JSON is asked for it', () => {
  expect(json({ money: { toJSON: () => ({ 'in.cents': 5 }) } })).toEqual({ money: { in_cents: 5 } });
  expect(json({ toJSON: () => ({ a: 1 }) })).toEqual({ a: 1 });
});

it('undefined is left out', () => {
  expect(JSON.stringify(json({ a: undefined, b: { c: undefined }, d: [1, undefined, 2] }))).toBe(
    '{"b":{},"d":[1,2]}',
  );
  expect(renamed).toEqual([]);
});

describe('a number or date that is none', () => {
  it.each([Number.NaN, Infinity, -Infinity, new Date('nope'), { toJSON: () => null }])(
    'is left out at any depth and reported, for null would overwrite: %o',
    none => {
      expect(json({ none, kept: 1, deep: { none, kept: null } })).toEqual({ kept: 1, deep: { kept: null } });
      expect(renamed).toHaveLength(2);
      expect(renamed[0]).toMatch(/^left out of the metadata: none; pass /);
    },
  );

  it('is left out of a list, which keeps the rest', () => {
    expect(json({ list: [1, Number.NaN, null, new Date(Number.NaN), 'a'] })).toEqual({
      list: [1, null, 'a'],
    });
  });
});

describe('toJSON', () => {
  const arrays = Array.prototype as { toJSON?: unknown };
  const objects = Object.prototype as { toJSON?: unknown };
  afterEach(() => {
    delete arrays.toJSON;
    delete objects.toJSON;
  });

  it('that another library gives all arrays does not count', () => {
    arrays.toJSON = function (this: unknown[]) {
      return `[${this.join()}]`;
    };
    expect(json({ tags: ['a', 'b'], deep: [{ list: [[1]] }] })).toEqual({
      tags: ['a', 'b'],
      deep: [{ list: [[1]] }],
    });
    expect(toText([{ list: [1, 'a'] }])).toBe('[{"list":[1,"a"]}]');
  });

  it('that another library gives all objects does not count, and an object’s own does', () => {
    Object.defineProperty(objects, 'toJSON', { configurable: true, value: () => 'broken' });
    expect(json({ a: { b: 1 }, money: { toJSON: () => 5 }, at: new Date(0) })).toEqual({
      a: { b: 1 },
      money: 5,
      at: '1970-01-01T00:00:00.000Z',
    });
  });
});

it.each([
  ['a\0b', 'a\uFFFDb'],
  ['\uD800', '\uFFFD'],
  ['x\uDC00y', 'x\uFFFDy'],
  ['🌊', '🌊'],
  ['\\u0000 and \\ud800', '\\u0000 and \\ud800'],
])('what no database takes is replaced, in values and keys: %j', (given, sent) => {
  expect(json({ [given]: [given] })).toEqual({ [sent]: [sent] });
});

describe('dots in keys', () => {
  it('become underscores at any depth, and each key is reported once', () => {
    const metadata = { 'a.b.c': 1, deep: { 'd.e': { 'f.': 2 } }, list: [{ '.g': 3 }], value: 'h.i' };
    expect(json(metadata)).toEqual({
      a_b_c: 1,
      deep: { d_e: { f_: 2 } },
      list: [{ _g: 3 }],
      value: 'h.i',
    });
    expect(renamed.sort()).toEqual(
      ['.g', 'a.b.c', 'd.e', 'f.'].map(key => `dots become underscores in the key ${key}`),
    );
  });

  it('do not reorder the keys beside them', () => {
    expect(Object.keys(json({ z: 1, 'a.b': 2, c: 3 }))).toEqual(['z', 'a_b', 'c']);
  });
});

describe('refused', () => {
  const cycle: Record<string, unknown> = { a: {} };
  cycle.a = { list: [cycle] };
  const dotted: Record<string, unknown> = {};
  dotted['a.b'] = dotted;

  it.each<[string, unknown]>([
    ['a function', { a: () => {} }],
    ['a function in a list', { a: [() => {}] }],
    ['a symbol', { a: Symbol('x') }],
    ['a BigInt', { a: 1n }],
    ['a cycle', cycle],
    ['a cycle through a key with a dot', dotted],
    ['a list', [1]],
    ['a text', 'text'],
    ['a number', 5],
    ['null', null],
    ['a date', new Date(0)],
    ['a function itself', () => {}],
    [
      'what throws when it is read',
      {
        get a() {
          throw new Error('host bug');
        },
      },
    ],
  ])('%s', (_, metadata) => expect(() => json(metadata)).toThrow());

  it('in a sentence that names the key', () => {
    expect(() => json({ deep: { onClick() {} } })).toThrow(
      new TypeError('metadata: onClick is a function; pass its value'),
    );
    expect(() => json([])).toThrow(new TypeError('metadata must be an object'));
  });
});

it('the same object twice is no cycle', () => {
  const address = { 'zip.code': 1 };
  expect(json({ home: address, work: address, list: [address] })).toEqual({
    home: { zip_code: 1 },
    work: { zip_code: 1 },
    list: [{ zip_code: 1 }],
  });
});

it('__proto__ is a key like any other, and taints no object', () => {
  const result = json(JSON.parse('{"__proto__":{"admin":true},"a.b":{"__proto__":{"c.d":1}}}'));
  expect(JSON.stringify(result)).toBe('{"__proto__":{"admin":true},"a_b":{"__proto__":{"c_d":1}}}');
  expect(Object.getPrototypeOf(result)).toBe(Object.prototype);
  expect('admin' in {}).toBe(false);
});

it('the caller’s object is not changed, and changing it later changes nothing', () => {
  const metadata = { 'a.b': { list: [1] }, at: new Date(0) };
  const before = structuredClone(metadata);
  const result = json(metadata);
  expect(metadata).toEqual(before);
  metadata['a.b'].list.push(2);
  expect(result).toEqual({ a_b: { list: [1] }, at: '1970-01-01T00:00:00.000Z' });
});

it.each<[unknown, boolean]>([
  [{}, true],
  [Object.create(null), true],
  [[], false],
  [null, false],
  ['', false],
  [undefined, false],
])('%j is a JSON object: %s', (value, answer) => expect(isObject(value)).toBe(answer));
