import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { NEWER_FEATURES } from '../docs/tables/newer-features.ts';
import { listFeatures } from './compat/features.ts';
import { findNewer, isInAll } from './compat/support.ts';
import { listSyntax } from './compat/syntax.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const ENTRIES = ['script', 'full-script', 'forms-script', 'capture-script', 'module', 'panel-script'];
const SCRIPTS = ['', 'full.', 'forms.', 'capture.', 'module.', 'panel.'].map(name => `utmost.${name}min.js`);

test.each(SCRIPTS)('every browser of the table reads the syntax of %s', async name => {
  const code = await readFile(`${root}dist/${name}`, 'utf8');
  const syntax = listSyntax(code, /module|panel/.test(name) ? 'module' : 'script');
  expect(syntax).toContain('javascript.operators.nullish_coalescing');
  expect(syntax.filter(path => !isInAll(path))).toEqual([]);
});

test('what a script tag uses is in every browser of the table, or is told with what happens without it', () => {
  const features = listFeatures(ENTRIES.map(name => `${root}src/${name}.ts`));
  expect(features.size).toBeGreaterThan(200);
  // Of a package within the script tags.
  expect(features.get('api.IDBFactory.open')).toBe('node_modules/idb-keyval/dist/index.js');
  const newer = [...features].filter(([path]) => !isInAll(path)).map(([path, file]) => `${path} in ${file}`);
  const told = NEWER_FEATURES.flatMap(({ paths }) => paths);
  expect(newer.filter(each => !told.some(path => each.startsWith(`${path} in `)))).toEqual([]);
  // Nothing is told that is used no more, or that all of them have by now.
  expect(told.filter(path => !features.has(path) || isInAll(path))).toEqual([]);
});

test('a feature that is too new is seen, however it is reached', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'utmost-compat-'));
  const file = join(folder, 'page.ts');
  await writeFile(
    file,
    `const { groupBy } = Object;
    export const all = [AbortSignal.timeout(1), [1].toSorted(), 'a'.isWellFormed(), groupBy, new Set<1>().union];
    export const answer = async (response: Response) => [await response.json(), response.bytes()];
    export const mine = { at: 1, union: 2 }.union;
    structuredClone(navigator.userActivation);`,
  );
  const newer = [...listFeatures([file]).keys()].filter(path => !isInAll(path));
  await rm(folder, { recursive: true });
  expect(newer.sort()).toEqual(
    [
      'api.AbortSignal.timeout_static',
      'api.Navigator.userActivation',
      'api.Response.bytes',
      'api.structuredClone',
      'javascript.builtins.Array.toSorted',
      'javascript.builtins.Object.groupBy',
      'javascript.builtins.Set.union',
      'javascript.builtins.String.isWellFormed',
    ].sort(),
  );
});

test('syntax that is too new is seen', () => {
  const code = 'class A { static { this.a = /(?<=b)/; } } for (const a of []) a ??= 1_000;';
  expect(listSyntax(code, 'script').filter(path => !isInAll(path))).toEqual([
    'javascript.classes.static.initialization_blocks',
    'javascript.regular_expressions.lookbehind_assertion',
  ]);
  expect(() => listSyntax('using a = b;', 'module')).toThrow();
  expect(findNewer('javascript.classes.static.initialization_blocks')).toEqual({
    chrome: '94',
    edge: '94',
    firefox: '93',
    safari: '16.4',
    safari_ios: '16.4',
  });
});
