import { expect, it } from 'vitest';
import type { ParameterIssueCode } from '../../src/campaign/parameters.ts';
import { simulateVisits } from '../../src/campaign/simulate.ts';
import { readPage } from '../docs/pages.ts';

const page = readPage('docs/attribution.md');

it('every note that a decision may have is told in docs/attribution.md, and no other', () => {
  const codes = [...readPage('src/campaign/parameters.ts').matchAll(/^ {2}\| '([\w-]+)'/gm)].map(
    ([, code]) => code as ParameterIssueCode,
  );
  const rows = page.split('| note | what it says |')[1]?.split('\n\n')[0] ?? '';
  const told = [...rows.matchAll(/^\| (.*?) \|/gm)].flatMap(([, cell]) => [
    ...`${cell}`.matchAll(/`([\w-]+)`/g),
  ]);
  expect(told.map(([, code]) => code).sort()).toEqual([...codes].sort());
  expect(codes).toContain('from-referrer');
});

it('an own address that redirected on is a round trip, as the example of docs/attribution.md says', () => {
  const [, code = '', rule] =
    page.match(/```js\nsimulateVisits\((.*?)\)\.decisions\[1\]\.rule; \/\/ '(.*?)'\n```/s) ?? [];
  const visits = new Function(`return ${code}`)();
  expect(simulateVisits(visits).decisions[1]?.rule).toBe(rule);
});

it('each row of the decision table has the outcome that its rule has', () => {
  const own = 'https://www.example.com/';
  const { decisions } = simulateVisits([
    { url: own, at: 0 },
    { url: `${own}?utm_source=news` },
    { url: own, isReload: true },
    { url: `${own}next?utm_source=news`, referrer: own },
    { url: own, referrer: own },
    { url: own, referrer: 'https://accounts.google.com/' },
    { url: own, referrer: 'https://partner.org/', departedTo: 'partner.org' },
    { url: own, referrer: 'https://blog.org/' },
    { url: own, referrer: 'https://other.org/', at: 7 * 3_600_000 + 1 },
  ]);
  const told = new Map(
    [...page.matchAll(/^\| `([\w-]+)` \| .* \| (kept|new touch) \|$/gm)].map(([, rule, outcome]) => [
      rule,
      outcome,
    ]),
  );
  expect(new Map(decisions.map(({ rule, outcome }) => [rule, outcome] as const))).toEqual(told);
});
