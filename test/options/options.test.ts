import { describe, expect, it, vi } from 'vitest';
import { readDataAttributes } from '../../src/options/data-attributes.ts';
import { normalizeOptions, type Options } from '../../src/options/options.ts';

const settings = (options: object) => normalizeOptions({ applicationId: 'app', ...options });
const refusal = (options: unknown) => {
  try {
    normalizeOptions(options as Options);
  } catch (error) {
    expect(error).toBeInstanceOf(TypeError);
    return (error as Error).message;
  }
  return 'taken';
};

it('only the application id and the relay have no default', () => {
  expect(settings({})).toEqual({
    applicationId: 'app',
    host: 'https://api.moesif.net',
    relay: '',
    attribution: 'first',
    sessionTimeout: 30,
    campaignMaxAge: 180,
    excludeReferrers: [],
    includeAttribution: false,
    clickIds: false,
    consent: 'granted',
    respectGpc: false,
    timeout: 10_000,
    onDelivery: expect.any(Function),
    debug: false,
  });
});

it('takes every option over', () => {
  const options = {
    applicationId: 'mine',
    host: 'https://t.example.com',
    relay: '/t',
    attribution: 'last' as const,
    sessionTimeout: 0.5,
    campaignMaxAge: 1,
    excludeReferrers: ['a.com'],
    includeAttribution: true,
    clickIds: true,
    consent: 'pending' as const,
    respectGpc: true,
    timeout: 100,
    onDelivery: () => {},
    debug: true,
  };
  expect(normalizeOptions(options)).toEqual(options);
});

it('undefined counts as absent', () => {
  const absent = {
    host: undefined,
    attribution: undefined,
    sessionTimeout: undefined,
    excludeReferrers: undefined,
    debug: undefined,
  };
  expect(settings(absent)).toEqual(settings({}));
});

it('never writes to the caller’s object, nor to what another call was given', () => {
  const options = Object.freeze({
    applicationId: 'app',
    host: 'x.com',
    excludeReferrers: Object.freeze(['a']),
  });
  normalizeOptions(options as unknown as Options);
  expect(settings({})).toMatchObject({ host: 'https://api.moesif.net', excludeReferrers: [] });
});

it.each([
  ['/t', '/t'],
  ['/collect/t/', '/collect/t'],
  ['https://t.example.com', 'https://t.example.com'],
  ['http://localhost:3000/t', 'http://localhost:3000/t'],
])('the relay may be a path or a URL, and needs no application id: %s', (given, relay) => {
  expect(normalizeOptions({ relay: given }).relay).toBe(relay);
});

it.each(['t', 't.example.com', 'javascript:alert(1)', 'https://', '//evil.test\n'])(
  'a relay that is neither is refused: %j',
  relay => {
    const sentence = 'utmost: relay must be a path such as "/t", or a URL.';
    if (relay.startsWith('//')) expect(refusal({ relay })).toBe('taken');
    else expect(refusal({ relay })).toBe(sentence);
  },
);

it('a timeout over a timer’s 32 bits is bounded: past them it would fire at once', () => {
  expect(settings({ timeout: Infinity }).timeout).toBe(2 ** 31 - 1);
});

describe('nonsense is refused in a sentence that names the option', () => {
  it.each([
    [{}, 'utmost: applicationId or relay must be given to init.'],
    [{ applicationId: '' }, 'utmost: applicationId or relay must be given to init.'],
    [{ applicationId: undefined }, 'utmost: applicationId or relay must be given to init.'],
    [{ applicationId: 5 }, 'utmost: applicationId must be a string.'],
    [{ applicationId: null }, 'utmost: applicationId must be a string.'],
  ])('%j: %s', (options, sentence) => expect(refusal(options)).toBe(sentence));

  it.each([
    ['host', 5, 'a string'],
    ['host', null, 'a string'],
    ['host', '', 'a URL or host name'],
    ['host', 'a b', 'a URL or host name'],
    ['host', 'https://', 'a URL or host name'],
    ['host', 'javascript:alert(1)', 'a URL or host name'],
    ['host', 'x.com:port', 'a URL or host name'],
    ['host', '[::1', 'a URL or host name'],
    ['attribution', 'middle', 'first or last'],
    ['consent', 'maybe', 'granted or pending or denied'],
    ['attribution', 'firstlast', 'first or last'],
    ['attribution', true, 'a string'],
    ['sessionTimeout', 0, 'a positive number'],
    ['sessionTimeout', -1, 'a positive number'],
    ['sessionTimeout', NaN, 'a positive number'],
    ['sessionTimeout', '30', 'a positive number'],
    ['campaignMaxAge', 0, 'a positive number'],
    ['timeout', '1000', 'a positive number'],
    ['excludeReferrers', 'a.com', 'a list of strings'],
    ['excludeReferrers', { 0: 'a.com' }, 'a list of strings'],
    ['respectGpc', 'false', 'a boolean'],
    ['respectGpc', 0, 'a boolean'],
    ['debug', 1, 'a boolean'],
    ['debug', null, 'a boolean'],
  ])('%s: %j', (name, value, wanted) => {
    expect(refusal({ applicationId: 'app', [name]: value })).toBe(`utmost: ${name} must be ${wanted}.`);
  });

  it.each(['ftp://x.com', 'ws://x.com'])('a host of another scheme: %s', host => {
    expect(refusal({ applicationId: 'app', host })).toBe('utmost: host must be a URL or host name.');
  });

  it('a list of referrers with something else in it', () => {
    expect(refusal({ applicationId: 'app', excludeReferrers: [undefined] })).toContain('excludeReferrers');
  });
});

describe('the host', () => {
  it.each([
    ['https://api.example.com', 'https://api.example.com'],
    ['https://api.example.com/', 'https://api.example.com'],
    ['http://api.example.com', 'http://api.example.com'],
    ['HTTPS://API.Example.com/Path//', 'https://api.example.com/Path'],
    ['api.example.com', 'https://api.example.com'],
    ['api.example.com:8443/t/', 'https://api.example.com:8443/t'],
    ['localhost', 'http://localhost'],
    ['localhost:3000', 'http://localhost:3000'],
    ['localhost/collector', 'http://localhost/collector'],
    ['collector.localhost:3000', 'http://collector.localhost:3000'],
    ['127.0.0.1:3000', 'http://127.0.0.1:3000'],
    ['[::1]:3000', 'http://[::1]:3000'],
    ['[::1]', 'http://[::1]'],
    ['https://localhost:3000', 'https://localhost:3000'],
    ['localhost.example.com', 'https://localhost.example.com'],
    ['127.0.0.1.example.com', 'https://127.0.0.1.example.com'],
    ['notlocalhost', 'https://notlocalhost'],
    ['192.168.0.1:3000', 'https://192.168.0.1:3000'],
    ['[::2]', 'https://[::2]'],
    ['https://u:p@api.example.com/a?b#c', 'https://api.example.com/a'],
  ])('%s is %s', (host, url) => expect(settings({ host }).host).toBe(url));
});

it('a name that is no option is reported, and does no harm', () => {
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
  const options = { applicationId: 'app', sessionTimeOut: 5, cookieDomain: 'x', debug: true };
  const result = normalizeOptions(options as Options);
  const names = warn.mock.calls.map(([line]) => line.match(/"(.*)"/)?.[1]);
  expect(names).toEqual(['sessionTimeOut', 'cookieDomain']);
  expect(result).toEqual(settings({ debug: true }));
  warn.mockRestore();
});

describe('a script tag’s attributes', () => {
  it('are text, or JSON where an option is no text', () => {
    const options = readDataAttributes({
      dataset: {
        applicationId: 'app',
        host: 'x.com',
        attribution: 'last',
        sessionTimeout: '45',
        excludeReferrers: '["sso.example.com"]',
        debug: '',
        respectGpc: 'true',
      },
    });
    expect(options).toEqual({
      applicationId: 'app',
      host: 'x.com',
      attribution: 'last',
      sessionTimeout: 45,
      excludeReferrers: ['sso.example.com'],
      debug: true,
      respectGpc: true,
    });
  });

  it.each(['12345', 'true', 'null', '{"a":1}'])('an application id stays text: %s', applicationId => {
    expect(readDataAttributes({ dataset: { applicationId } })).toEqual({ applicationId });
  });

  it('that are no good are refused like any other option', () => {
    expect(refusal(readDataAttributes({ dataset: {} }))).toContain('applicationId or relay must be given');
    expect(refusal(readDataAttributes({ dataset: { applicationId: 'a', timeout: 'soon' } }))).toContain(
      'timeout',
    );
  });
});
