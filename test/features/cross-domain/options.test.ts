import { expect, it } from 'vitest';
import { type CrossDomainOptions, normalizeCrossDomain } from '../../../src/features/cross-domain/options.ts';

it('domains are host names as links have them, whatever was pasted', () => {
  const domains = [
    'Example.COM',
    'https://shop.test/',
    'http://plain.test',
    'bücher.example',
    'www.shop.test:8080',
    'local.',
  ];
  expect(normalizeCrossDomain({ domains }).domains).toEqual([
    'example.com',
    'shop.test',
    'plain.test',
    'xn--bcher-kva.example',
    'www.shop.test',
    'local',
  ]);
});

it('the parameter has a default', () => {
  expect(normalizeCrossDomain({ domains: [], parameter: undefined }).parameter).toBe('_utmost');
  expect(normalizeCrossDomain({ domains: [], parameter: 'who' }).parameter).toBe('who');
});

it.each([
  [{}],
  [{ domains: 'shop.test' }],
  [{ domains: [''] }],
  [{ domains: [null] }],
  [{ domains: ['shop.test/path'] }],
  [{ domains: ['*.shop.test?'] }],
  [{ domains: ['a b'] }],
])('%j is refused in a sentence', options =>
  expect(() => normalizeCrossDomain(options as CrossDomainOptions)).toThrow(
    'utmost: crossDomain.domains must be a list of host names such as "shop.example".',
  ),
);

it.each(['', 'a b', 'ü', 'a=b', '[x]'])('a parameter named %j is refused in a sentence', parameter =>
  expect(() => normalizeCrossDomain({ domains: [], parameter })).toThrow(
    'utmost: crossDomain.parameter must be letters, digits, "_" and "-".',
  ),
);
