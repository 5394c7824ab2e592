import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { changedFencesOf, fencesOf, PAGES, readPage } from '../test/docs/pages.ts';
import { compile } from './compile.ts';
import { type Hover, hover } from './hover.ts';
import { createProject, type Project } from './packed.ts';

let project: Project;
beforeAll(() => {
  project = createProject();
});
afterAll(() => project.remove());

const read = (path: string) => readFileSync(fileURLToPath(new URL(path, import.meta.url)), 'utf8');
/** A file of `types/`, in a project that has the packed package. */
const copy = (path: string, extension: string) =>
  project.write(`${basename(path)}.${extension}`, read(`types/${path}.ts`));

const { Node16, ESNext } = ts.ModuleKind;
const { Node16: node16, Bundler: bundler } = ts.ModuleResolutionKind;
describe.each([
  ['a bundler', 'ts', { module: ESNext, moduleResolution: bundler }],
  ['Node, as an ES module', 'mts', { module: Node16, moduleResolution: node16 }],
  ['Node, as CommonJS', 'cts', { module: Node16, moduleResolution: node16 }],
])('for %s', (_, extension, options) => {
  test('what is right compiles and what is wrong does not', () => {
    const files = ['usage', 'metadata', 'misuse'].map(name => copy(name, extension));
    expect(compile(files, options)).toEqual([]);
  });

  test.each([
    ['a site’s own fields are added to the metadata, and held', 'augmented'],
    ['the script tag has a global type', 'global'],
    ['the full script tag has one, under both of its names', 'full-global'],
  ])('%s', (_, name) => {
    expect(compile([copy(`apart/${name}`, extension)], options)).toEqual([]);
  });
});

test('what is wrong is seen at all', () => {
  const options = { module: ESNext, moduleResolution: bundler, strict: false };
  // Without strictness an id that may be absent is an id: its line is then one too many.
  expect(compile([copy('misuse', 'ts')], options).join()).toContain("Unused '@ts-expect-error' directive");
});

describe('an editor shows', () => {
  const all = (from: string) => `import * as all from '${from}';`;
  const whole = (from: string) => `import utmost from '${from}';`;
  const hovered = (imports: string, expression: string) =>
    hover(`${project.folder}/page.ts`, imports, expression);

  test.each([
    ['utmost', all('utmost'), 'all', 10],
    ['utmost/module', all('utmost/module'), 'all', 10],
    ['utmost/simulate', all('utmost/simulate'), 'all', 1],
    ['utmost/panel', all('utmost/panel'), 'all', 1],
    ['utmost/channel', all('utmost/channel'), 'all', 1],
    ['utmost/watch', all('utmost/watch'), 'all', 1],
    ['the default export of utmost', whole('utmost'), 'utmost', 10],
    ['the client of init', whole('utmost'), 'utmost.init({})', 9],
    ['utmost/full', all('utmost/full'), 'all', 33],
    ['the default export of utmost/full', whole('utmost/full'), 'utmost', 37],
    ['the client of utmost/full', whole('utmost/full'), 'utmost.createClient({})', 35],
    ['utmost/forms', all('utmost/forms'), 'all', 2],
    ['utmost/capture', all('utmost/capture'), 'all', 1],
    ['utmost/relay', all('utmost/relay'), 'all', 1],
    ['utmost/consent-mode', all('utmost/consent-mode'), 'all', 1],
    ['utmost/consent-tcf', all('utmost/consent-tcf'), 'all', 1],
    ['window.utmost', "import 'utmost/global';", 'window.utmost', 10],
    ['window.moesif', "import 'utmost/full/global';", 'window.moesif', 37],
  ])('what each function of %s does, and what each parameter is', (_, imports, expression, least) => {
    const shown = hovered(imports, expression);
    expect(shown.length).toBeGreaterThanOrEqual(least);
    const isBare = ({ text, parameters }: Hover) => !text || parameters.includes('');
    expect(shown.filter(isBare)).toEqual([]);
  });

  test('the parameters by their number', () => {
    const identify = hovered(all('utmost'), 'all').find(({ name }) => name === 'identifyUser');
    expect(identify?.parameters).toHaveLength(3);
  });

  test('nothing where nothing is said', () => {
    const imports = 'declare const it1: { bare(id: string): void };';
    expect(hovered(imports, 'it1')).toEqual([{ name: 'bare', text: '', parameters: [''] }]);
  });

  test.each(['utmost', 'utmost/full'])('in %s no sentence of over 25 words', from => {
    const texts = hovered(all(from), 'all').flatMap(({ text, parameters }) => [text, ...parameters]);
    const sentences = texts.flatMap(text => text.split(/(?<=[.!?])\s/));
    expect(sentences.filter(sentence => sentence.split(/\s+/).length > 25)).toEqual([]);
  });
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

describe('the code of the README and docs/', () => {
  // These need other packages, and have tests of their own: e2e/auth/auth.test.ts, e2e/frameworks.test.ts and
  // test/server/recipes.test.ts.
  const elsewhereTested = ['docs/auth.md', 'docs/frameworks.md', 'docs/server.md'];
  const snippets = [...PAGES, 'docs/site/index.md']
    .filter(page => !elsewhereTested.includes(page))
    .flatMap(page =>
      [...fencesOf(readPage(page), 'js', 'ts'), ...changedFencesOf(readPage(page))].map(code => ({
        page,
        code,
      })),
    );
  const options = {
    module: ESNext,
    moduleResolution: bundler,
    allowJs: true,
    checkJs: true,
    // As JavaScript, most of it has no types; and a list of a literal is as long as it is written.
    noImplicitAny: false,
    noUncheckedIndexedAccess: false,
  };
  /** What the snippets take from elsewhere: the site's own functions, other packages, and what an earlier snippet imports. */
  const elsewhere = `
    declare module 'hono'; declare module '@hono/node-server'; declare module '@hono/node-server/conninfo';
    declare module 'vitest'; declare module 'express'; declare module 'fastify'; declare module 'node:http';
    declare module 'h3'; declare module '$env/dynamic/private';
    declare const Deno: {
      env: { get(name: string): string | undefined };
      serve(options: object, handler: (request: Request, info: { remoteAddr: object }) => Promise<Response>): void;
    };
    declare const Bun: {
      serve(options: { hostname: string; port: number; fetch(request: Request, server: object): Promise<Response> }): void;
    };
    declare const process: { env: Record<string, string> };
    declare const report: (message?: string) => void, showHint: (text: string) => void;
    declare const forms: typeof import('utmost/forms');
    declare const identifyUser: typeof import('utmost').identifyUser;
    declare const simulateVisits: typeof import('utmost/simulate').simulateVisits;
    declare const createRelay: typeof import('utmost/relay').createRelay;`;
  const compileAll = (codes: readonly string[], name: string) => {
    const files = codes.map((code, n) => project.write(`${name}-${n + 1}.js`, `${code}\nexport {};\n`));
    return compile([project.write(`${name}.d.ts`, elsewhere), ...files], options);
  };

  test('compiles as it is written', () => {
    expect(snippets.length).toBeGreaterThan(15);
    const [types, scripts] = [true, false].map(isType =>
      snippets.filter(({ code }) => code.includes('declare module') === isType).map(({ code }) => code),
    );
    expect(compileAll(scripts ?? [], 'page')).toEqual([]);
    const augmented = types?.map((code, n) => project.write(`page-types-${n}.ts`, `${code}\nexport {};\n`));
    expect(compile(augmented ?? [], options)).toEqual([]);
  });

  test('would not, were a call of it wrong', () => {
    const wrong = "identifyUser({ id: 1 });\nimport { utmost } from 'utmost';";
    expect(compileAll([wrong], 'wrong-page')).toHaveLength(2);
  });
});
