import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { beforeAll, expect, test } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));

interface Size {
  name: string;
  size: number;
  sizeLimit: number;
  passed: boolean;
}
let sizes: Size[];

beforeAll(() => {
  const command = [`${root}/node_modules/size-limit/bin.js`, '--json'];
  // Not by its exit code, which tells that a limit is passed but not which.
  const { stdout, stderr } = spawnSync(process.execPath, command, { cwd: root, encoding: 'utf8' });
  sizes = JSON.parse(stdout || stderr) as Size[];
});

test('every entry keeps its limit', () => {
  expect(sizes.filter(({ passed }) => !passed)).toEqual([]);
  // What the script tag may have until its budget (CONTRIBUTING.md) is met again.
  expect(sizes.slice(0, 2).map(({ sizeLimit }) => sizeLimit)).toEqual([17_100, 15_500]);
});
