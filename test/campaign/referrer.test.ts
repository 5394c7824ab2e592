import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Address, isExcluded, isWithin, readAddress } from '../../src/campaign/referrer.ts';

const at = (raw: string) => readAddress(raw) as Address;

describe('reading an address', () => {
  it.each([
    ['https://news.org', 'https://news.org/', 'news.org'],
    ['https://www.news.org/a/b?token=x#y', 'https://www.news.org/a/b', 'www.news.org'],
    ['https://user:pw@news.org:8443/a', 'https://news.org:8443/a', 'news.org'],
    ['https://news.org?x=1', 'https://news.org/', 'news.org'],
    ['https://news.org#x', 'https://news.org/', 'news.org'],
    ['https://news.org:443/', 'https://news.org/', 'news.org'],
    ['HTTPS://NEWS.ORG/Path', 'https://news.org/Path', 'news.org'],
    ['https://bücher.example/ä', 'https://xn--bcher-kva.example/%C3%A4', 'xn--bcher-kva.example'],
    ['http://[2001:db8::1]:81/a', 'http://[2001:db8::1]:81/a', '[2001:db8::1]'],
    ['http://127.1/', 'http://127.0.0.1/', '127.0.0.1'],
    // In http a backslash is a slash: the host ends there, whatever a later @ pretends.
    ['https://evil.org\\@example.com/', 'https://evil.org/@example.com/', 'evil.org'],
    ['https://example.com@evil.org/', 'https://evil.org/', 'evil.org'],
    ['https://example.com:pw@evil.org/', 'https://evil.org/', 'evil.org'],
    [
      'android-app://com.google.android.gm/a?b#c',
      'android-app://com.google.android.gm/a',
      'com.google.android.gm',
    ],
    ['android-app://u:p@com.example.app/', 'android-app://com.example.app/', 'com.example.app'],
  ])('%s', (raw, referrer, referring_domain) => {
    expect(at(raw).fields).toEqual({ referrer, referring_domain });
  });

  it.each([
    '',
    'about:client',
    'news.org',
    '/path',
    '//news.org/',
    'https:',
    'https://',
    'https://a b/',
    'data:,x',
  ])('%j is none', raw => expect(readAddress(raw)).toBeUndefined());

  it.each(['/reset/me@example.com/x', '/t/eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.sig', '/x%40example.com'])(
    'a path with personal data is cut off: %s',
    path => {
      const { fields, issues, path: kept } = at(`https://news.org${path}`);
      expect(fields).toEqual({ referrer: 'https://news.org/', referring_domain: 'news.org' });
      expect(kept).toBe('/');
      expect(issues).toHaveLength(1);
      expect(issues[0]?.key).toBe('referrer');
    },
  );

  it('a long path is cut, the domain is not', () => {
    const { fields, issues } = at(`https://news.org/${'a/'.repeat(5e5)}`);
    expect(fields.referrer).toHaveLength(512);
    expect(fields.referring_domain).toBe('news.org');
    expect(issues).toEqual([{ key: 'referrer', code: 'cut' }]);
  });

  it('takes any string without throwing, and gives out no query and no fragment', () => {
    const text = fc.string({ unit: 'binary' });
    fc.assert(
      fc.property(text, text, (a, b) => {
        readAddress(a);
        const { referrer = '' } = readAddress(`https://${a}/${b}?secret#secret`)?.fields ?? {};
        expect(referrer).not.toMatch(/[?#]/);
      }),
    );
  });
});

describe('within', () => {
  it.each([
    ['example.com', 'example.com', true],
    ['www.example.com', 'example.com', true],
    ['a.b.example.com', 'example.com', true],
    ['example.com.', 'example.com', true],
    ['example.com', 'example.com.', true],
    ['notexample.com', 'example.com', false],
    ['example.com.evil.org', 'example.com', false],
    ['example.co', 'example.com', false],
    ['com', 'example.com', false],
    ['example.com', 'www.example.com', false],
    ['127.0.0.1', '127.0.0.1', true],
    ['example.com', '', false],
    ['', '', false],
    ['', 'example.com', false],
  ])('%j within %j: %s', (host, domain, answer) => expect(isWithin(host, domain)).toBe(answer));
});

describe('excluded', () => {
  const excluded = (raw: string, own: string[] = []) => isExcluded(at(raw), own);

  it.each([
    ['https://accounts.google.com/', true],
    ['https://www.paypal.com/checkout', true],
    ['https://paypal.com/', true],
    ['https://www.google.com/', false],
    ['https://google.com/', false],
    ['https://notpaypal.com/', false],
    ['https://paypal.com.evil.org/', false],
    // `.host`: the company's own site may well refer.
    ['https://checkout.stripe.com/', true],
    ['https://hooks.eu.stripe.com/', true],
    ['https://stripe.com/customers', false],
    ['https://www.stripe.com/customers', false],
    ['https://wwww.stripe.com/', true],
    ['https://notstripe.com/', false],
    // `host/path`
    ['https://github.com/login/oauth/authorize', true],
    ['https://github.com/login', true],
    ['https://github.com/loginx', false],
    ['https://github.com/', false],
    ['https://github.com/some/repository', false],
  ])('%s by the default list: %s', (raw, answer) => expect(excluded(raw)).toBe(answer));

  it('the site’s own entries add to the list, subdomains included', () => {
    const own = ['sso.example.net', 'bank.org/pay'];
    expect(excluded('https://sso.example.net/', own)).toBe(true);
    expect(excluded('https://eu.sso.example.net/', own)).toBe(true);
    expect(excluded('https://example.net/', own)).toBe(false);
    expect(excluded('https://bank.org/pay/3ds', own)).toBe(true);
    expect(excluded('https://bank.org/blog', own)).toBe(false);
    expect(excluded('https://www.paypal.com/', own)).toBe(true);
  });

  it('!host takes an entry off the default list, and only that one', () => {
    expect(excluded('https://www.paypal.com/', ['!paypal.com'])).toBe(false);
    expect(excluded('https://checkout.stripe.com/', ['!stripe.com'])).toBe(false);
    expect(excluded('https://github.com/login', ['!github.com/login'])).toBe(false);
    expect(excluded('https://checkout.stripe.com/', ['!paypal.com'])).toBe(true);
  });

  it('an empty entry excludes nothing', () => {
    expect(excluded('https://news.org/', ['', '!', '/'])).toBe(false);
  });
});
