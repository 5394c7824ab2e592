import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { beforeAll, expect, test } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
const readme = readFileSync(`${root}/README.md`, 'utf8');
/** Thousands of bytes, to one decimal: as the README and the limits say it. */
const kilobytes = (bytes = 0) => `${(bytes / 1000).toFixed(1)} KB`;

interface Size {
  name: string;
  size: number;
  sizeLimit: number;
  passed: boolean;
}
let sizes: Size[];
const sizeOf = (name: string) => sizes.find(size => size.name === name)?.size;

beforeAll(() => {
  const command = [`${root}/node_modules/size-limit/bin.js`, '--json'];
  // Not by its exit code, which tells that a limit is passed but not which.
  const { stdout, stderr } = spawnSync(process.execPath, command, { cwd: root, encoding: 'utf8' });
  sizes = JSON.parse(stdout || stderr) as Size[];
});

test('every entry keeps its limit', () => {
  expect(sizes.filter(({ passed }) => !passed)).toEqual([]);
  // What the script tag may have until its budget (CONTRIBUTING.md) is met again.
  expect(sizes.slice(0, 2).map(({ sizeLimit }) => sizeLimit)).toEqual([15_300, 13_900]);
});

test.each([
  ['script tag', 'The script tag'],
  ['init and identifyUser', "`import { init, identifyUser } from 'utmost'`"],
  ['init and identifyUser without dependencies', 'the same without dependencies'],
  ['full script tag', 'The script tag `utmost.full.min.js`'],
  ['full', "`import { init, identifyUser, identifyCompany, track } from 'utmost/full'`"],
  ['relay', "`import { createRelay } from 'utmost/relay'`"],
  ['consent-mode', "`import { followConsentMode } from 'utmost/consent-mode'`"],
  ['consent-tcf', "`import { followTcf } from 'utmost/consent-tcf'`"],
])('the README tells the size of: %s', (name, row) => {
  const [gzip, brotli] = ['gzip', 'brotli'].map(how => kilobytes(sizeOf(`${name}, ${how}`)));
  expect(readme).toContain(`\n| ${row} | ${gzip} | ${brotli} |\n`);
});

test('what the README says at its head is what its table says', () => {
  const [gzip, brotli] = ['gzip', 'brotli'].map(how => kilobytes(sizeOf(`script tag, ${how}`)));
  expect(readme).toContain(`The script tag is ${gzip} gzip, ${brotli} brotli`);
  const own = kilobytes(sizeOf('init and identifyUser without dependencies, gzip'));
  expect(readme).toContain(`${own} gzip of its own code`);
});
