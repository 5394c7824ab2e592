import { readFileSync, writeFileSync } from 'node:fs';
import { table } from '../../docs/tables/markdown.ts';
import type { Row } from './scenario.ts';

const FILE = new URL('results.json', import.meta.url);

/** What became of a scenario's runs with one build, and on which day. */
export interface Result extends Row {
  scenario: string;
  build: string;
  date: string;
}

/** The fields in the order in which they are written. */
const FIELDS: (keyof Result)[] = [
  'scenario',
  'build',
  'date',
  'runs',
  'n',
  'delivered',
  'outOfOrder',
  'duplicates',
  'repeats',
];

/** The newest result of each scenario and build, as docs/delivery.md tells them. */
export const readResults = (): Result[] => JSON.parse(readFileSync(FILE, 'utf8'));

/** Puts new results in the place of the older ones of the same scenario and build; all others stay. */
export function replaceResults(results: readonly Result[], newer: readonly Result[]): Result[] {
  const isSame = (one: Result) => (other: Result) =>
    one.scenario === other.scenario && one.build === other.build;
  const replaced = results.map(each => newer.find(isSame(each)) ?? each);
  return [...replaced, ...newer.filter(each => !results.some(isSame(each)))];
}

/** Writes them into the file that the documentation is made of. */
export function saveResults(newer: readonly Result[]): void {
  const lines = replaceResults(readResults(), newer).map(each => `  ${JSON.stringify(each, FIELDS)}`);
  writeFileSync(FILE, `[\n${lines.join(',\n')}\n]\n`);
}

/** A table of results, for people. */
export function resultsTable(results: readonly Result[]): string {
  const head = ['scenario', 'build', 'measured', 'runs', 'updates', 'delivered'];
  const rows = results.map(
    ({ scenario, build, date, runs, n, delivered, outOfOrder, duplicates, repeats }) => [
      scenario,
      build,
      date,
      ...[runs, n, delivered, outOfOrder, duplicates, repeats],
    ],
  );
  return table([...head, 'out of order', 'duplicate effects', 'repeats'], rows, 3);
}
