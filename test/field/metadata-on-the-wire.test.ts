// @vitest-environment happy-dom
import { afterEach, describe, expect, it, vi } from 'vitest';
import { kindBrowser, openPage, startAnew } from '../client/client-world.ts';

startAnew();

/** What arrives of a user's metadata, out of the body to the letter, and the lines under `debug`. */
async function arrive(metadata: unknown) {
  const info = vi.spyOn(console, 'info').mockImplementation(() => {});
  const { identify, sent } = openPage(kindBrowser(), { debug: true });
  const receipt = await identify('1', metadata);
  const body = sent[0] === undefined ? {} : JSON.parse(sent[0]);
  return {
    metadata: body.metadata,
    receipt,
    text: sent[0],
    lines: info.mock.calls.map(([line]) => `${line}`),
  };
}

const noDate = new Date(Number.NaN);

describe('a number or date that is none', () => {
  it.each([Number.NaN, Infinity, -Infinity, noDate, Object(Number.NaN), { toJSON: () => null }])(
    'never arrives as null, at any depth, and is noted: %o',
    async none => {
      const { metadata, lines } = await arrive({
        none,
        kept: null,
        'dotted.key': none,
        deep: { er: { none, zero: 0 } },
        list: [{ none, a: 1 }],
      });
      expect(metadata).toEqual({ kept: null, deep: { er: { zero: 0 } }, list: [{ a: 1 }] });
      expect(lines.filter(line => line.includes('left out of the metadata: '))).toHaveLength(4);
    },
  );

  it.each([Number.NaN, Infinity, noDate, Object(-Infinity)])('is no item of a list: %o', async none => {
    const { metadata, lines } = await arrive({ list: [none, 1, none, [none, null], 'a'], all: [none] });
    expect(metadata).toEqual({ list: [1, [null], 'a'], all: [] });
    expect(lines.filter(line => line.includes('left out of the metadata: '))).toHaveLength(4);
  });

  it('is another thing than a word or a number of that look', async () => {
    const given = { a: 'NaN', b: 'Infinity', c: 'Invalid Date', d: -0, e: 1e308, f: Number.MIN_VALUE, g: '' };
    expect((await arrive(given)).metadata).toEqual({ ...given, d: 0 });
  });

  it('whose text throws harms nothing', async () => {
    const none = Object.assign(Object.create(null), { toJSON: () => null });
    expect((await arrive({ none, kept: 1 })).metadata).toEqual({ kept: 1 });
  });
});

describe('what has a JSON of its own kind', () => {
  class Money {
    #secret = 'x';
    static unit = 'cent';
    constructor(readonly cents: number) {}
    get euros() {
      return this.cents / 100;
    }
    show() {
      return this.#secret;
    }
  }
  class Moment {
    constructor(readonly time: number) {}
    toJSON() {
      return Number.isNaN(this.time) ? null : new Date(this.time).toISOString();
    }
    valueOf() {
      return this.time;
    }
  }

  it.each<[string, unknown, unknown]>([
    ['an instance of a class', { money: new Money(5) }, { money: { cents: 5 } }],
    ['an instance as the metadata itself', new Money(5), { cents: 5 }],
    [
      'a moment',
      { at: new Moment(0), list: [new Moment(0)] },
      { at: '1970-01-01T00:00:00.000Z', list: ['1970-01-01T00:00:00.000Z'] },
    ],
    ['a moment that is none', { at: new Moment(Number.NaN), a: 1 }, { a: 1 }],
    ['an address', { page: new URL('https://a.io/b?c') }, { page: 'https://a.io/b?c' }],
    [
      'a map and a set, which have none',
      { map: new Map([['a', 1]]), set: new Set([1]) },
      { map: {}, set: {} },
    ],
    [
      'boxed values',
      { text: Object('a'), number: Object(1), yes: Object(true) },
      { text: 'a', number: 1, yes: true },
    ],
    ['an object without a prototype', Object.assign(Object.create(null), { a: 1 }), { a: 1 }],
    [
      'keys that methods have',
      { toString: 0, valueOf: 0, constructor: 0, hasOwnProperty: 0 },
      { toString: 0, valueOf: 0, constructor: 0, hasOwnProperty: 0 },
    ],
    ['a key named toJSON that is none', { a: { toJSON: 'x' }, toJSON: 1 }, { a: { toJSON: 'x' }, toJSON: 1 }],
    [
      'a list as long as it is, holes left out',
      { list: Object.assign([1], { 3: 4, extra: 5 }) },
      { list: [1, 4] },
    ],
  ])('%s', async (_, given, metadata) => expect((await arrive(given)).metadata).toEqual(metadata));
});

describe('the toJSON of Prototype.js', () => {
  const prototypes = [Array, Object, String, Number, Date].map(
    ({ prototype }) => prototype as { toJSON?: unknown },
  );
  const { toJSON: dateToJSON } = Date.prototype;
  const restore = () => {
    for (const prototype of prototypes) delete prototype.toJSON;
    Object.defineProperty(Date.prototype, 'toJSON', {
      value: dateToJSON,
      configurable: true,
      writable: true,
    });
  };
  afterEach(restore);

  it.each([true, false])(
    'on arrays, objects, texts, numbers and dates does not count, enumerable: %s',
    async enumerable => {
      const value = function (this: unknown) {
        return `"${this}"`;
      };
      for (const prototype of prototypes)
        Object.defineProperty(prototype, 'toJSON', { value, enumerable, configurable: true, writable: true });
      const given = {
        tags: ['a', 'b'],
        deep: { list: [[1], {}] },
        text: 'a',
        number: 1,
        at: new Date(0),
        none: noDate,
      };
      const { metadata } = await arrive(given);
      restore();
      expect(metadata).toEqual({
        tags: ['a', 'b'],
        deep: { list: [[1], {}] },
        text: 'a',
        number: 1,
        at: '1970-01-01T00:00:00.000Z',
      });
    },
  );

  it('leaves the body’s other lists, the outbox and what is said again alone', async () => {
    (Array.prototype as { toJSON?: unknown }).toJSON = () => 'broken';
    const { identify, client } = openPage(kindBrowser(), { url: 'https://www.example.com/?utm_source=a' });
    const given = () => ({ list: [{ tags: ['a'] }] });
    const receipts = [await identify('1', given()), await identify('1', given())];
    restore();
    expect(receipts.map(({ status }) => status)).toEqual(['delivered', 'unchanged']);
    expect(client.getCampaign()).toEqual({ utm_source: 'a' });
  });
});

it('what no database takes is replaced in keys and values, and nothing else is', async () => {
  const { text, metadata } = await arrive({
    'k\0': '\0',
    '\uDC00': ['a\uD800', { '\0.b': '\uD83C\uDF0A' }],
    plain: '\\u0000 \\ud800 \u0001 \u2028',
  });
  expect(metadata).toEqual({
    'k\uFFFD': '\uFFFD',
    '\uFFFD': ['a\uFFFD', { '\uFFFD_b': '🌊' }],
    plain: '\\u0000 \\ud800 \u0001 \u2028',
  });
  expect(text).not.toMatch(/[^\\]\\u(0000|d8)/);
});

it.each([
  [
    'a cycle',
    () => {
      const a: Record<string, unknown> = {};
      a.a = [a];
      return a;
    },
  ],
  ['a BigInt, boxed', () => ({ n: Object(1n) })],
  [
    'a getter that throws a word',
    () => ({
      get a() {
        throw 'no';
      },
    }),
  ],
  [
    'a toJSON that throws nothing',
    () => ({
      a: {
        toJSON() {
          throw undefined;
        },
      },
    }),
  ],
  [
    'an object too deep',
    () => {
      let a: object = {};
      for (let n = 0; n < 20_000; n++) a = { a };
      return a;
    },
  ],
] as [string, () => object][])('%s is dropped with a sentence', async (_, make) => {
  const { receipt, text } = await arrive(make());
  expect(receipt).toMatchObject({
    status: 'dropped',
    reason: 'invalid-metadata',
    message: expect.any(String),
  });
  expect(text).toBeUndefined();
});
