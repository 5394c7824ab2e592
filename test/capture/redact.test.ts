import { describe, expect, it } from 'vitest';
import {
  createRedaction,
  parseRedacted,
  redactForm,
  redactHeaders,
  redactText,
  redactUrl,
} from '../../src/capture/redact.ts';
import { rules } from './capture-world.ts';

describe('secrets', () => {
  it('of headers are redacted, by list and by kind', () => {
    const secret =
      'Authorization Proxy-Authorization Cookie Set-Cookie X-Api-Key X-Auth-Token X-CSRF-Token x-xsrf-token token my-secret-x user-password';
    for (const name of secret.toLowerCase().split(' '))
      expect(redactHeaders({ [name]: 'v' }, 'redacted', rules), name).toEqual({ [name]: '_redacted_' });
    expect(redactHeaders({ accept: 'a', b: '' }, 'redacted', rules)).toEqual({ accept: 'a', b: '' });
    expect(redactHeaders({ accept: 'a', b: '' }, ['Accept', 'Cookie'], rules)).toEqual({ accept: 'a' });
    expect(redactHeaders({ cookie: 'a' }, ['Cookie'], rules)).toEqual({ cookie: '_redacted_' });
    expect(redactHeaders({ accept: 'a' }, 'none', rules)).toEqual({});
  });
  it.each([
    ['https://u:p@a.example/x#h', 'https://a.example/x'],
    ['https://a.example/?access_token=1&b=2', 'https://a.example/?access_token=_redacted_&b=2'],
    [
      'https://a.example/?code=1&key=2&sig=3',
      'https://a.example/?code=_redacted_&key=_redacted_&sig=_redacted_',
    ],
    ['https://a.example/?X-Amz-Signature=1', 'https://a.example/?X-Amz-Signature=_redacted_'],
    ['https://a.example/?q=a%20b+c&e=', 'https://a.example/?q=a%20b+c&e='],
    ['https://a.example/?to=jo%40example.com', 'https://a.example/?to=_redacted_'],
    ['https://a.example/users/jo@example.com/x', 'https://a.example/users/_redacted_/x'],
    ['https://a.example/t/eyJhbGciOi.eyJzdWIi.abc-_', 'https://a.example/t/_redacted_'],
  ])('of the address %s are redacted', (url, expected) => {
    expect(redactUrl(url, rules)).toBe(expected);
  });
  it('of an address with more parameters than the API takes: the first 500 stay', () => {
    const url = `https://a.example/?${Array.from({ length: 600 }, (_, index) => `p=${index}`).join('&')}`;
    expect(new URL(redactUrl(url, rules)).searchParams.getAll('p')).toHaveLength(500);
  });
  it('of a body are redacted at any depth', () => {
    const keys =
      'password passphrase secret client_secret refreshToken authorization cardNumber cvv CVC ssn iban pin otp';
    for (const key of keys.split(' '))
      expect(parseRedacted(`{"a":[{"${key}":{"x":1}}]}`, rules), key).toEqual({
        a: [{ [key]: '_redacted_' }],
      });
    expect(parseRedacted('{"code":1,"key":"k","__proto__":1}', rules)).toEqual(
      JSON.parse('{"code":1,"key":"k","__proto__":1}'),
    );
  });
  it('in text: a nested object behind a harmless key is looked into', () => {
    expect(redactText('{"a":{"token":"x","b":{"pin":1}},"c":2', rules)).toBe(
      '{"a":{"token":"_redacted_","b":{"pin":"_redacted_"}},"c":2',
    );
  });
  it('are looked for in a time that grows with the text, and not with its square', () => {
    const long = 'x'.repeat(400_000);
    const before = performance.now();
    redactText(long, rules);
    redactText('"'.repeat(200_000), rules);
    redactUrl(`https://a.example/${long}?${long}=${long}`, rules);
    expect(performance.now() - before).toBeLessThan(1000);
  });
  it('of a page’s own names: one that is none may be taken off by its own name', () => {
    const own = createRedaction(['!nextPageToken']);
    expect([own.isSecretKey('next_page_token'), own.isSecretKey('access_token')]).toEqual([false, true]);
  });
  it('may be added, and taken off', () => {
    const own = createRedaction(['X-Tenant*', '!pin']);
    expect(redactForm('pin=1&xTenantName=2&otp=3', own.isSecretKey)).toBe(
      'pin=1&xTenantName=_redacted_&otp=_redacted_',
    );
  });
});
