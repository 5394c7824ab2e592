import { expect, it } from 'vitest';
import { readParameters } from '../../src/campaign/parameters.ts';

const read = (value: string) =>
  readParameters(`https://example.com/?utm_campaign=${encodeURIComponent(value)}`);

it.each([
  '*|CAMPAIGN_UID|*',
  '%EMAIL%',
  '%%sitename%%',
  '$section_name$',
  '__CID__',
  '[UTM]',
  '{lpurl}',
  '${x'.concat('}'),
])('a placeholder that was never filled in is no value: %s', value => {
  expect(read(value)).toMatchObject({ campaign: {}, issues: [{ key: 'utm_campaign', code: 'macro' }] });
});

it.each([
  '50%off',
  'sale [UTM]',
  'a__B__',
  'x%EMAIL%',
  '100%',
  '$5 off',
  '__init',
  'a*|b',
  'price $ now $',
  '%',
  '$$',
])('what only looks a little like one is kept: %s', value => {
  expect(read(value).campaign.utm_campaign).toBe(value);
});

it.each(['jane@customer.org', 'jane%40customer.org', 'jane%2540customer.org', 'jane%252540customer.org'])(
  'an e-mail address is dropped however often it was encoded: %s',
  value => {
    expect(read(value).issues).toEqual([{ key: 'utm_campaign', code: 'email' }]);
  },
);
