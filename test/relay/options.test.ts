import { describe, expect, it } from 'vitest';
import { normalizeRelayOptions } from '../../src/relay/options.ts';
import { createRelay, type RelayOptions } from '../../src/relay.ts';

const TOKEN = 'the-secret'.padEnd(64, '0');
const normalize = (options: object) => normalizeRelayOptions({ applicationId: 'app', ...options });

describe('defaults', () => {
  it('are 1 MB, ten seconds, the documented host, nobody else’s pages and no proxy', () => {
    expect(normalizeRelayOptions({ applicationId: 'app' })).toEqual({
      usersApi: { host: 'https://api.moesif.net', applicationId: 'app' },
      addChannel: false,
      allowedOrigins: [],
      trustProxy: 0,
      maxBodyBytes: 1024 * 1024,
      timeout: 10_000,
    });
  });

  it('stand where an option is empty, as a variable that is not set may be', () => {
    expect(normalize({ upstream: '', allowedOrigins: undefined, trustProxy: '' })).toEqual(normalize({}));
  });

  it('stand where an option is undefined', () => {
    const options = { upstream: undefined, userCom: undefined, timeout: undefined, trustProxy: undefined };
    expect(normalize(options)).toEqual(normalize({}));
  });

  it('leave the caller’s object alone', () => {
    const options: RelayOptions = Object.freeze({
      applicationId: 'app',
      allowedOrigins: Object.freeze([]) as never,
    });
    expect(() => createRelay(options)).not.toThrow();
  });
});

it.each([
  [{ upstream: 'localhost:3000/collector/' }, 'http://localhost:3000/collector'],
  [{ upstream: 'collector.example.com' }, 'https://collector.example.com'],
])('%j: the Users API is at %s', (options, host) => {
  expect(normalize(options).usersApi?.host).toBe(host);
});

it.each([
  [{ subdomain: 'acme' }, 'https://acme.user.com'],
  [{ baseUrl: 'https://crm.example.com/' }, 'https://crm.example.com'],
  [{ baseUrl: 'https://acme.user.com/api/public/' }, 'https://acme.user.com'],
  [{ baseUrl: 'http://127.0.0.1:4600' }, 'http://127.0.0.1:4600'],
])('%j: User.com is at %s, and creates nobody unasked', (options, host) => {
  const { usersApi, userCom } = normalizeRelayOptions({ userCom: { ...options, token: TOKEN } });
  expect(usersApi).toBeUndefined();
  expect(userCom).toEqual({ host, token: TOKEN, createMissing: false });
});

it('an origin is compared as the browser words it', () => {
  expect(
    normalize({ allowedOrigins: ['https://WWW.example.com:443/', 'http://localhost:3000'] }),
  ).toMatchObject({
    allowedOrigins: ['https://www.example.com', 'http://localhost:3000'],
  });
});

it('a limit past 32 bits is the longest a timer has', () => {
  expect(normalize({ timeout: Infinity }).timeout).toBe(2 ** 31 - 1);
});

describe('a mistake throws a sentence that tells the fix, and no secret:', () => {
  const userCom = (options: object) => ({ userCom: { subdomain: 'acme', token: TOKEN, ...options } });

  it.each<[object | undefined, RegExp]>([
    [undefined, /^utmost: createRelay has no options; pass an object\.$/],
    [
      { applicationId: 'the-secret\r\nX: y' },
      /applicationId must be a text without spaces; set it on this server/,
    ],
    [{ applicationId: 7 }, /applicationId must be/],
    [
      { applicationId: 'app', allowedOrigin: [] },
      /allowedOrigin is no option of createRelay; correct its spelling, or remove it/,
    ],
    [{ applicationId: 'app', upstream: 'not a host' }, /upstream must be a URL or host name, such as /],
    [{ applicationId: 'app', upstream: 7 }, /upstream must be/],
    [{ applicationId: 'app', timeout: 0 }, /timeout must be a positive number, such as 10000\./],
    [{ applicationId: 'app', timeout: Number.NaN }, /timeout must be/],
    [
      { applicationId: 'app', maxBodyBytes: '1mb' },
      /maxBodyBytes must be a positive number, such as 1048576\./,
    ],
    [
      { applicationId: 'app', allowedOrigins: 'https://a.example' },
      /allowedOrigins must be a list of origins/,
    ],
    [{ applicationId: 'app', allowedOrigins: ['*'] }, /without a path or wildcard/],
    [{ applicationId: 'app', allowedOrigins: ['https://*.example.com'] }, /without a path or wildcard/],
    [{ applicationId: 'app', allowedOrigins: ['https://a.example/app'] }, /without a path/],
    [{ applicationId: 'app', allowedOrigins: ['a.example'] }, /such as https:\/\/www\.example\.com/],
    [{ applicationId: 'app', allowedOrigins: ['null'] }, /must hold origins/],
    [
      { applicationId: 'app', trustProxy: true },
      /trustProxy must be a number of proxies, such as 1, or the name of a header, such as cf-connecting-ip/,
    ],
    [{ applicationId: 'app', trustProxy: -1 }, /trustProxy must be/],
    [{ applicationId: 'app', trustProxy: '1' }, /trustProxy must be/],
    [{ applicationId: 'app', trustProxy: 'X Real IP' }, /trustProxy must be/],
    [{ userCom: null }, /userCom has no options; pass an object/],
    [{ timeout: 0 }, /timeout must be a positive number, such as 10000\./],
    [userCom({ token: null }), /userCom\.token must be a text without spaces; set it on this server/],
    [userCom({ token: undefined, createMissing: 'yes' }), /userCom\.createMissing must be true or false/],
    [userCom({ token: `${TOKEN} ` }), /userCom\.token must be/],
    [userCom({ token: `${TOKEN}ü` }), /userCom\.token must be/],
    [
      userCom({ baseUrl: 'https://acme.user.com' }),
      /userCom must have a subdomain or a baseUrl, and not both/,
    ],
    [userCom({ subdomain: 'acme.user.com' }), /must be one word, the "acme" of acme\.user\.com/],
    [
      userCom({ subdomain: undefined, baseUrl: 'http://acme.user.com' }),
      /must be https, because the token is a secret/,
    ],
    [
      userCom({ subdomain: undefined, baseUrl: 'a b' }),
      /userCom\.baseUrl must be a URL or host name, such as /,
    ],
    [userCom({ createMissing: 'yes' }), /userCom\.createMissing must be true or false/],
    [userCom({ apiKey: 'the-secret' }), /apiKey is no option of userCom; correct/],
  ])('%j', (options, sentence) => {
    const create = () => createRelay(options as RelayOptions);
    expect(create).toThrow(TypeError);
    expect(create).toThrow(sentence);
    expect(create).not.toThrow(/the-secret/);
  });
});
