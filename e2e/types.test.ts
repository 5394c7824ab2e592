import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createProject, type Project } from './packed.ts';

let project: Project;
beforeAll(() => {
  project = createProject();
});
afterAll(() => project.remove());

const STRICT: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2022,
  lib: ['lib.es2022.d.ts', 'lib.dom.d.ts', 'lib.dom.iterable.d.ts'],
  types: [],
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  noEmit: true,
  // The package's own declarations are checked too.
  skipLibCheck: false,
  skipDefaultLibCheck: true,
};

/** What the compiler says of these files; nothing, if all is well. */
function compile(files: string[], options: ts.CompilerOptions): string[] {
  const program = ts.createProgram(files, { ...STRICT, ...options });
  return ts.getPreEmitDiagnostics(program).map(({ file, start = 0, messageText }) => {
    const line = file && ts.getLineAndCharacterOfPosition(file, start).line + 1;
    return `${file?.fileName}:${line} ${ts.flattenDiagnosticMessageText(messageText, '\n')}`;
  });
}

const read = (path: string) => readFileSync(fileURLToPath(new URL(path, import.meta.url)), 'utf8');
/** A file of `types/`, in a project that has the packed package. */
const copy = (name: string, extension: string) =>
  project.write(`${name}.${extension}`, read(`types/${name}.ts`));

const { Node16, ESNext } = ts.ModuleKind;
const { Node16: node16, Bundler: bundler } = ts.ModuleResolutionKind;
test.each([
  ['a bundler', 'ts', { module: ESNext, moduleResolution: bundler }],
  ['Node, as an ES module', 'mts', { module: Node16, moduleResolution: node16 }],
  ['Node, as CommonJS', 'cts', { module: Node16, moduleResolution: node16 }],
])('for %s, what is right compiles and what is wrong does not', (_, extension, options) => {
  const files = ['usage', 'misuse'].map(name => copy(name, extension));
  expect(compile(files, options)).toEqual([]);
});

test('what is wrong is seen at all', () => {
  const options = { module: ESNext, moduleResolution: bundler, strict: false };
  // Without strictness an id that may be absent is an id: its line is then one too many.
  expect(compile([copy('misuse', 'ts')], options).join()).toContain("Unused '@ts-expect-error' directive");
});

describe('the README of moesif-browser-js', () => {
  const readme = read('../node_modules/moesif-browser-js/README.md');
  const snippets = [
    ...readme.matchAll(/^```javascript\n(.*?)^```/gms),
    ...readme.matchAll(/^<script type="text\/javascript">\n(.*?)^<\/script>/gms),
  ].map(([, code]) => `${code}`);
  const asModule = (code: string, name: string) =>
    project.write(
      `${name}.js`,
      // The line that a site changes; a snippet without it goes on from one that has it.
      `import moesif from 'utmost/full';\n${code.replace('var moesif = require("moesif-browser-js");', '')}`,
    );
  // As JavaScript, which it is: a parameter without a type is none of ours to type.
  const options = {
    module: ESNext,
    moduleResolution: bundler,
    allowJs: true,
    checkJs: true,
    noImplicitAny: false,
  };

  test('compiles as it is written, with the names that it takes from elsewhere', () => {
    expect(snippets.length).toBeGreaterThan(15);
    const elsewhere = project.write(
      'elsewhere.d.ts',
      `declare var metadata: object, web3: any, Web3: any, myWeb3: any, myWeb3Object: any;
      interface Window { moesif: typeof import('utmost/full').default }`,
    );
    const files = snippets.map((code, n) => asModule(code, `snippet-${n + 1}`));
    expect(compile([elsewhere, ...files], options)).toEqual([]);
  });

  test('would not, were a call of it wrong', () => {
    const file = asModule('moesif.identifyUser({ id: 1 });\nmoesif.trak("x");', 'wrong');
    expect(compile([file], options)).toMatchObject([
      expect.stringContaining('not assignable'),
      expect.stringContaining("'trak' does not exist"),
    ]);
  });
});
