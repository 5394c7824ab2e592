import { expect, it } from 'vitest';
import { findLosses } from '../../src/cli/losses.ts';

const lossesOf = (...paths: string[]) =>
  findLosses(paths.map((path, n) => ({ url: `https://h${n}.example/${path}` }))).map(
    ({ code, key, hop }) => `${code} ${key} ${hop}`,
  );

it.each([
  [['?gclid=a']],
  [['?gclid=a&utm_source=b', '?utm_source=b&gclid=a#top']],
  [['', '?gclid=a', '?gclid=a']],
  // A redirector that remembers it.
  [['?gclid=a', '', '?gclid=a']],
  [['?utm_source=b', '#utm_source=b']],
])('%j loses nothing', paths => {
  expect(lossesOf(...paths)).toEqual([]);
});

it.each([
  [['?gclid=a', ''], ['lost gclid 0']],
  [['?gclid=a&utm_source=b', '?gclid=a&utm_source=b', '?utm_source=b'], ['lost gclid 1']],
  [
    ['?utm_source=b&msclkid=c', '?msclkid=c', ''],
    ['lost utm_source 0', 'lost msclkid 1'],
  ],
  [['', '?utm_id=1', ''], ['lost utm_id 1']],
  [['?utm_source=b', '?utm_source=B'], ['changed utm_source 0']],
  [['?gclid=a', '?gclid=a', '?gclid=A'], ['changed gclid 1']],
  [['?gclid=a', '', '?gclid=b'], ['changed gclid 0']],
])('%j loses at its hop', (paths, losses) => {
  expect(lossesOf(...paths)).toEqual(losses);
});
