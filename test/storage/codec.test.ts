import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decode, encode } from '../../src/storage/codec.ts';

const text = fc.string({ unit: 'grapheme', maxLength: 600 });
/** What no database takes is replaced. */
const wellFormed = (_: string, value: unknown) =>
  typeof value === 'string' ? value.replace(/\0|\p{Cs}/gu, '\uFFFD') : value;
const base64url = (raw: string) => Buffer.from(raw).toString('base64url');

describe('a record', () => {
  it.each([
    {},
    { utm_source: 'a' },
    { utm_campaign: 'été 你好 🌊', nested: { list: [1, null, true, 'ü'] } },
    { url: 'https://example.com/?a=b&c="d";<script>' },
  ])('comes back as it was: %j', record => expect(decode(encode(record))).toEqual(record));

  it('comes back as it was, whatever it is, in characters no firewall minds', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.stringMatching(/^\w*$/), fc.oneof(text, fc.integer(), fc.array(text))),
        dictionary => {
          const { v, ...record } = dictionary;
          const encoded = encode(record);
          expect(encoded).toMatch(/^[\w-]+$/);
          expect(JSON.stringify(decode(encoded))).toBe(JSON.stringify(record, wellFormed));
        },
      ),
    );
  });

  it('is base64url of versioned JSON, for whoever reads it elsewhere', () => {
    expect(encode({ a: 'ü' })).toBe(base64url('{"v":1,"a":"ü"}'));
  });
});

describe('what is no record of this version', () => {
  it.each([
    undefined,
    '',
    '%',
    'not base64 at all!',
    'abc',
    base64url('null'),
    base64url('5'),
    base64url('[1]'),
    base64url('{'),
    base64url('{"a":1}'),
    base64url('{"v":2,"a":1}'),
    base64url('{"v":"1","a":1}'),
    Buffer.from([0x7b, 0xff, 0x7d]).toString('base64url'),
  ])('%j is not read', garbage => expect(decode(garbage)).toBeUndefined());

  it('no text makes it throw', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), garbage => void decode(garbage)));
  });
});

describe('within a limit', () => {
  const campaign = fc.dictionary(fc.constantFrom('utm_source', 'utm_term', 'referrer', 'gclid'), text);
  const records = fc.record({ first: campaign, last: campaign, at: fc.integer(), anonymousId: text });

  it('every record of texts fits, and keeps its other values', () => {
    fc.assert(
      fc.property(records, fc.integer({ min: 400, max: 1500 }), (record, limit) => {
        const encoded = encode(record, limit);
        expect(encoded.length).toBeLessThanOrEqual(limit);
        expect(decode(encoded)?.at).toBe(record.at);
      }),
    );
  });

  it('a record that fits is left as it is', () => {
    const record = { first: { utm_source: 'a'.repeat(500), gclid: 'b'.repeat(500) } };
    expect(encode(record, 1500)).toBe(encode(record));
  });

  it('the longest values are cut first, the shortest stay untouched', () => {
    const record = { source: 'a'.repeat(20), term: 'b'.repeat(512), content: 'c'.repeat(300) };
    const { source, term, content } = decode(encode(record, 500)) as Record<string, string>;
    expect(source).toBe(record.source);
    expect(term?.length).toBe(content?.length);
    expect(term?.length).toBeGreaterThan(100);
    expect(record.term.startsWith(term as string)).toBe(true);
  });

  it('no more is cut than has to be', () => {
    const encoded = encode({ term: 'b'.repeat(512) }, 400);
    expect(encoded.length).toBeGreaterThan(0.85 * 400);
  });

  it.each(['gclid', 'anonymousId', 'userId', 'company_id'])('a long %s is left out whole', key => {
    expect(decode(encode({ [key]: 'x'.repeat(512), source: 'a' }, 300))).toEqual({ source: 'a' });
  });

  it('an id stays whole while there is longer text to cut', () => {
    const gclid = 'g'.repeat(100);
    const record = { gclid, term: 'b'.repeat(512), content: 'c'.repeat(512) };
    expect(decode(encode(record, 600))?.gclid).toBe(gclid);
  });

  it('a cut never splits a surrogate pair', () => {
    for (let limit = 300; limit < 340; limit++) {
      const { term } = decode(encode({ term: `x${'🌊'.repeat(200)}` }, limit)) as { term: string };
      expect(term).not.toMatch(/\p{Surrogate}/u);
    }
  });
});
