import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import type { NoteCode } from '../../src/campaign/parameters.ts';
import { simulateVisits } from '../../src/simulate.ts';

const read = (file: string) => readFileSync(fileURLToPath(new URL(`../../${file}`, import.meta.url)), 'utf8');
const section = read('README.md').split('\n## Which visit is credited')[1]?.split('\n## ')[0] ?? '';

it('every note that a decision may have is told in the README, and no other', () => {
  const codes = [...read('src/campaign/parameters.ts').matchAll(/^ {2}\| '([\w-]+)'/gm)].map(
    ([, code]) => code as NoteCode,
  );
  const rows = section.split('| note | what it says |')[1]?.split('\n\n')[0] ?? '';
  const told = [...rows.matchAll(/^\| (.*?) \|/gm)].flatMap(([, cell]) => [
    ...`${cell}`.matchAll(/`([\w-]+)`/g),
  ]);
  expect(told.map(([, code]) => code).sort()).toEqual([...codes].sort());
  expect(codes).toContain('from-referrer');
});

it('an own address that redirected on is a round trip, as the README’s example says', () => {
  const [, code = '', rule] =
    section.match(/```js\nsimulateVisits\((.*?)\)\.decisions\[1\]\.rule; \/\/ '(.*?)'\n```/s) ?? [];
  const visits = new Function(`return ${code}`)();
  expect(simulateVisits(visits).decisions[1]?.rule).toBe(rule);
});
