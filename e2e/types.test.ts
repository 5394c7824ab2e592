import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { afterAll, beforeAll, expect, test } from 'vitest';
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

/** What the compiler says of a file of `types/`, in a project that has the packed package; nothing, if all is well. */
function compile(names: string[], extension: string, options: ts.CompilerOptions): string[] {
  const files = names.map(name => {
    const text = readFileSync(fileURLToPath(new URL(`types/${name}.ts`, import.meta.url)), 'utf8');
    return project.write(`${name}.${extension}`, text);
  });
  const program = ts.createProgram(files, { ...STRICT, ...options });
  return ts.getPreEmitDiagnostics(program).map(({ file, start = 0, messageText }) => {
    const line = file && ts.getLineAndCharacterOfPosition(file, start).line + 1;
    return `${file?.fileName}:${line} ${ts.flattenDiagnosticMessageText(messageText, '\n')}`;
  });
}

const { Node16, ESNext } = ts.ModuleKind;
const { Node16: node16, Bundler: bundler } = ts.ModuleResolutionKind;
test.each([
  ['a bundler', 'ts', { module: ESNext, moduleResolution: bundler }],
  ['Node, as an ES module', 'mts', { module: Node16, moduleResolution: node16 }],
  ['Node, as CommonJS', 'cts', { module: Node16, moduleResolution: node16 }],
])('for %s, what is right compiles and what is wrong does not', (_, extension, options) => {
  expect(compile(['usage', 'misuse'], extension, options)).toEqual([]);
});

test('what is wrong is seen at all', () => {
  const options = { module: ESNext, moduleResolution: bundler, strict: false };
  // Without strictness an id that may be absent is an id: its line is then one too many.
  expect(compile(['misuse'], 'ts', options).join()).toContain("Unused '@ts-expect-error' directive");
});
