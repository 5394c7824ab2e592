import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

interface Installed {
  name: string;
  license?: string;
}

const root = fileURLToPath(new URL('..', import.meta.url));

/** Lists packages by npm's own selectors. */
const query = (selector: string): Installed[] =>
  JSON.parse(execFileSync('npm', ['query', selector], { cwd: root, encoding: 'utf8', maxBuffer: 1e9 }));

/** Licences that ask for no more than their own text, which `dist/LICENSES.txt` has. */
const SHIPPED = ['0BSD', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', 'ISC', 'MIT'];
/** Those besides of tools, which run here and are handed on to nobody. */
const OF_TOOLS = [
  'BlueOak-1.0.0',
  'CC-BY-4.0',
  'CC0-1.0',
  'LGPL-3.0-only',
  'MIT OR Apache-2.0',
  'MPL-2.0',
  'Python-2.0',
  'Unlicense',
];
/** Packages that name none in package.json. Their licence file was read: it is MIT. */
const READ = ['spawndamnit'];

/** Names the packages whose licence is not in a list, with that licence. */
const others = (list: readonly Installed[], allowed: readonly string[]) =>
  list
    .filter(({ license = '' }) => !allowed.includes(license))
    .map(({ name, license }) => `${name}: ${license}`);

it('what a site or the command gets has a licence that asks for its text alone', () => {
  const shipped = query('.prod');
  expect(shipped.map(({ name }) => name).sort()).toEqual(['idb-keyval', 'js-cookie', 'ky', 'utmost']);
  expect(others(shipped, SHIPPED)).toEqual([]);
  // The build lists there what the command holds of others.
  const told = new Set(readFileSync(`${root}dist/LICENSES.txt`, 'utf8').split('\n'));
  const within = query('*').filter(({ name }) => told.has(name));
  expect(within.map(({ name }) => name)).toEqual(expect.arrayContaining(['ky', 'parse5', 'csv-parse']));
  expect(others(within, SHIPPED)).toEqual([]);
});

it('every tool has a licence that was looked at', () => {
  const tools = query('*').filter(({ name }) => !READ.includes(name));
  expect(tools.length).toBeGreaterThan(300);
  expect(others(tools, [...SHIPPED, ...OF_TOOLS])).toEqual([]);
});

it('a licence that nobody looked at is named with its package', () => {
  expect(others([{ name: 'a', license: 'SSPL-1.0' }, { name: 'b' }], SHIPPED)).toEqual([
    'a: SSPL-1.0',
    'b: undefined',
  ]);
});
