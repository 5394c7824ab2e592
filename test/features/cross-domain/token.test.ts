import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeToken, readToken } from '../../../src/features/cross-domain/token.ts';

const NOW = 1_790_000_000_000;
const token = makeToken('visitor-1', NOW, 'shop.test');
const idFor = (host: string, now = NOW, text = token) => readToken(text, host, now)?.anonymousId;

describe('the domain', () => {
  it.each(['shop.test', 'www.shop.test', 'a.b.shop.test', 'shop.test.'])(
    'a token for shop.test is good on %s',
    host => expect(idFor(host)).toBe('visitor-1'),
  );

  it.each(['test', 'notshop.test', 'shop.test.evil.org', 'bank.test', 'localhost', '127.0.0.1', ''])(
    'and on %s it is not',
    host => expect(idFor(host)).toBeUndefined(),
  );

  it.each(['localhost', '127.0.0.1', '[::1]'])('%s can have one too', host =>
    expect(idFor(host, NOW, makeToken('me', NOW, host))).toBe('me'),
  );
});

describe('the age', () => {
  it.each([0, 1, 60_000, 119_999, -4_999])('after %i ms a token is good', age =>
    expect(idFor('shop.test', NOW + age)).toBe('visitor-1'),
  );

  it.each([120_000, 3_600_000, -5_001])('after %i ms it is not', age =>
    expect(idFor('shop.test', NOW + age)).toBeUndefined(),
  );
});

describe('what is no token', () => {
  const record = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  it.each([
    undefined,
    '',
    'x',
    record(null),
    record({ v: 1 }),
    record({ v: 1, id: 'visitor-1', at: NOW, check: 'x' }),
    record({ v: 1, id: 'visitor-1', at: `${NOW}`, check: 'x' }),
    makeToken('', NOW, 'shop.test'),
    makeToken(' ', NOW, 'shop.test'),
    makeToken('x'.repeat(201), NOW, 'shop.test'),
    makeToken(5 as unknown as string, NOW, 'shop.test'),
    makeToken('visitor-1', Number.NaN, 'shop.test'),
    makeToken('visitor-1', `${NOW}` as unknown as number, 'shop.test'),
  ])('%j is not read', text => expect(readToken(text, 'shop.test', NOW)).toBeUndefined());

  it('no text makes it throw, nor is any good by chance', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.domain(), (text, host) => {
        expect(readToken(text, host, NOW)).toBeUndefined();
      }),
    );
  });

  it('a token with one character changed is none', () => {
    fc.assert(
      fc.property(fc.nat(token.length - 1), fc.constantFrom(...'abcXYZ019-_'), (index, character) => {
        fc.pre(token[index] !== character);
        const changed = token.slice(0, index) + character + token.slice(index + 1);
        // Base64 has spare bits in its last character: that one may say the same.
        if (Buffer.from(changed, 'base64url').equals(Buffer.from(token, 'base64url'))) return;
        expect(idFor('shop.test', NOW, changed)).toBeUndefined();
      }),
    );
  });
});

it('any id comes back as it was, in characters that no URL has to encode', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }), fc.domain(), (id, domain) => {
      fc.pre(id.trim() !== '');
      const text = makeToken(id, NOW, domain);
      expect(text).toMatch(/^[\w-]+$/);
      expect(readToken(text, domain, NOW)).toMatchObject({ anonymousId: id, domain });
    }),
  );
});
