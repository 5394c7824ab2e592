import { expect, it } from 'vitest';
import { findMixedSpellings } from '../../src/cli/spellings.ts';

const faultyOf = (...queries: string[]) =>
  findMixedSpellings(queries.map(query => `https://a.example/?${query}`)).map(faults =>
    faults.map(({ key }) => key),
  );

it.each([
  [
    ['utm_source=News', 'utm_source=news', 'utm_source=news'],
    [['utm_source'], [], []],
  ],
  [
    ['utm_campaign=spring_sale', 'utm_campaign=spring%20sale'],
    [[], ['utm_campaign']],
  ],
  [
    ['utm_campaign=a+b', 'utm_campaign=A-B', 'utm_campaign=A-B'],
    [['utm_campaign'], [], []],
  ],
])('of %j the rarer spelling is told', (queries, faults) => {
  expect(faultyOf(...queries)).toEqual(faults);
});

it.each([
  [['utm_source=news', 'utm_source=news']],
  [['utm_source=News', 'utm_medium=news']],
  [['gclid=aB', 'gclid=Ab']],
  [['utm_source=News']],
])('%j are of one spelling', queries => {
  expect(faultyOf(...queries).flat()).toEqual([]);
});
