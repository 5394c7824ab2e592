import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { fencesOf, readPage } from '../../test/docs/pages.ts';
import { installPackages } from '../install-packages.ts';

const here = fileURLToPath(new URL('.', import.meta.url));
const recipes = fencesOf(readPage('docs/auth.md'), 'ts');

let folder: string;
beforeAll(() => {
  // Types and all.
  installPackages('auth');
  // Beside the libraries, so that they are found.
  folder = mkdtempSync(join(here, '.artifacts-'));
}, 180_000);
afterAll(() => folder && rmSync(folder, { recursive: true }));

/** Returns what the compiler says of this code, with the real libraries and what ships of utmost. */
function compile(code: string): string[] {
  const file = join(folder, 'recipe.ts');
  writeFileSync(file, code);
  const program = ts.createProgram([file], {
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    lib: ['lib.es2022.d.ts', 'lib.dom.d.ts', 'lib.dom.iterable.d.ts'],
    types: [],
    strict: true,
    exactOptionalPropertyTypes: true,
    noEmit: true,
    // The libraries' own declarations name what a browser's page need not have, such as Next.js.
    skipLibCheck: true,
    paths: {
      utmost: [fileURLToPath(new URL('../../dist/index.d.ts', import.meta.url))],
      // `firebase` is 30 packages: this is the one behind the import.
      'firebase/auth': [join(here, 'node_modules/@firebase/auth')],
    },
  });
  return ts
    .getPreEmitDiagnostics(program)
    .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'));
}

test('docs/auth.md has a recipe for each of four libraries', () => {
  const libraries = recipes.map(code => /from '((?!react'|utmost')[^']+)'/.exec(code)?.[1]);
  expect(libraries).toEqual(['next-auth/react', '@clerk/react', '@supabase/supabase-js', 'firebase/auth']);
});

test.each(recipes)('it compiles against the library itself: %#', recipe => {
  expect(compile(recipe)).toEqual([]);
});

test.each([
  [0, 'data?.user', 'data?.usr'],
  [0, 'id ? { id,', '{ id ? { id,'],
  [1, 'user.id', 'user.uid'],
  [2, 'session.user.id', 'session.user.uid'],
  [3, 'user.uid', 'user.id'],
  [3, 'id: user.uid', 'uid: user.uid'],
])('it would not, were a field of it wrong: %i, %s', (n, right, wrong) => {
  const recipe = recipes[n] ?? '';
  expect(recipe).toContain(right);
  expect(compile(recipe.replace(right, wrong))).not.toEqual([]);
});
