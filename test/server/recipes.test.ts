import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { expect, it } from 'vitest';
import { fencesOf, readPage } from '../docs/pages.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** The part of Next.js and of a site that the recipes name, which are not among this package's dependencies. */
const AROUND = `
declare module 'next/headers' {
  export function headers(): Promise<Omit<Headers, 'set' | 'append' | 'delete'>>;
}
declare module 'next/server' {
  export class NextResponse extends Response { static next(): NextResponse; }
}
declare const request: Request;
declare const app: {
  post(path: string, handler: (
    request: import('node:http').IncomingMessage,
    response: { redirect(to: string): void },
  ) => void): void;
};
declare function createUser(request: unknown): Promise<{ id: string; email: string }>;
`;

it('every recipe of docs/server.md is right by the types', () => {
  const recipes = fencesOf(readPage('docs/server.md'), 'ts', 'js');
  expect(recipes).toHaveLength(4);
  mkdirSync(join(root, 'e2e/.artifacts'), { recursive: true });
  const folder = mkdtempSync(join(root, 'e2e/.artifacts/recipes-'));
  try {
    const files = [AROUND, ...recipes].map((text, index) => {
      const file = join(folder, index ? `recipe-${index}.ts` : 'around.d.ts');
      writeFileSync(file, text);
      return file;
    });
    const program = ts.createProgram(files, {
      target: ts.ScriptTarget.ES2022,
      module: ts.ModuleKind.ESNext,
      moduleResolution: ts.ModuleResolutionKind.Bundler,
      allowImportingTsExtensions: true,
      lib: ['lib.es2023.d.ts', 'lib.dom.d.ts', 'lib.dom.iterable.d.ts'],
      types: ['node'],
      typeRoots: [join(root, 'node_modules/@types')],
      strict: true,
      noEmit: true,
      skipLibCheck: true,
      paths: { 'utmost/server': [join(root, 'src/server.ts')] },
    });
    const told = ts.getPreEmitDiagnostics(program).filter(({ file }) => file?.fileName.includes('recipe-'));
    expect(told.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'))).toEqual([]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
