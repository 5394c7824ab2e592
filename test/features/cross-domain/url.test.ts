import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { putParameter, takeParameter } from '../../../src/features/cross-domain/url.ts';

const put = (url: string) => putParameter(url, '_utmost', 'T0-k_en');
const take = (url: string) => takeParameter(url, '_utmost');

describe('a URL with the parameter', () => {
  it.each([
    ['https://b.test/', 'https://b.test/?_utmost=T0-k_en'],
    ['https://b.test', 'https://b.test?_utmost=T0-k_en'],
    ['https://b.test/?', 'https://b.test/?&_utmost=T0-k_en'],
    ['https://b.test/?a=1', 'https://b.test/?a=1&_utmost=T0-k_en'],
    ['https://b.test/?b=%zz&a=%20+%C3%BC&&a&=', 'https://b.test/?b=%zz&a=%20+%C3%BC&&a&=&_utmost=T0-k_en'],
    ['https://b.test/?a=x?y#top', 'https://b.test/?a=x?y&_utmost=T0-k_en#top'],
    ['https://b.test/#', 'https://b.test/?_utmost=T0-k_en#'],
    ['https://b.test/#/route?a=1&b', 'https://b.test/?_utmost=T0-k_en#/route?a=1&b'],
    ['https://b.test/?#a#b?c', 'https://b.test/?&_utmost=T0-k_en#a#b?c'],
  ])('%s is %s, and without it is the same again', (url, decorated) => {
    expect(put(url)).toBe(decorated);
    expect(take(decorated)).toEqual({ url, value: 'T0-k_en' });
  });

  it('has it once, however often it is put there', () => {
    expect(put('https://b.test/?_utmost=old&a=1')).toBe('https://b.test/?a=1&_utmost=T0-k_en');
    expect(put(put('https://b.test/'))).toBe(put('https://b.test/'));
  });
});

describe('taken out', () => {
  it('it leaves alone what was added behind it', () => {
    expect(take('https://b.test/?_utmost=x&lang=de#top')).toEqual({
      url: 'https://b.test/?lang=de#top',
      value: 'x',
    });
  });

  it('no repetition stays, and the last one counts', () => {
    expect(take('https://b.test/?_utmost=x&a&_utmost=y')).toEqual({ url: 'https://b.test/?a', value: 'y' });
  });

  it.each(['https://b.test/?x_utmost=1&_utmost&_utmostly=2&_UTMOST=3', 'https://b.test/#/r?_utmost=1', ''])(
    'what is another parameter, or part of the hash, is none: %s',
    url => expect(take(url)).toEqual({ url, value: undefined }),
  );
});

const part = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc
    .array(fc.constantFrom('?', '&', '=', '#', '%', '%2', '+', '/', 'a', '_utmost', 'ü'))
    .map(parts => parts.join('')),
);

it('put into any text and taken out again, everything else is there byte for byte', () => {
  fc.assert(
    fc.property(fc.oneof(part, fc.webUrl({ withQueryParameters: true, withFragments: true })), url => {
      const { url: bare } = take(url);
      expect(take(put(url))).toEqual({ url: bare, value: 'T0-k_en' });
      if (take(url).value === undefined) expect(bare).toBe(url);
    }),
    { numRuns: 500 },
  );
});

it('browsers and servers read it as one more parameter', () => {
  fc.assert(
    fc.property(fc.webUrl({ withQueryParameters: true, withFragments: true }), url => {
      const [before, after] = [new URL(url), new URL(put(url))];
      expect([...after.searchParams]).toEqual([...before.searchParams, ['_utmost', 'T0-k_en']]);
      expect([after.origin, after.pathname, after.hash]).toEqual([
        before.origin,
        before.pathname,
        before.hash,
      ]);
    }),
  );
});
