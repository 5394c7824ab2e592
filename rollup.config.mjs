import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import resolve from '@rollup/plugin-node-resolve';
import replace from '@rollup/plugin-replace';
import terser from '@rollup/plugin-terser';
import typescript from '@rollup/plugin-typescript';
import { dts } from 'rollup-plugin-dts';

const { version, dependencies } = JSON.parse(readFileSync('package.json', 'utf8'));

const compile = [
  replace({ preventAssignment: true, VERSION: JSON.stringify(version) }),
  resolve({ browser: true }),
  typescript({
    // A page's code may not lean on Node's types.
    compilerOptions: {
      types: [],
      noEmit: false,
      allowImportingTsExtensions: true,
      rewriteRelativeImportExtensions: true,
    },
    include: ['src/**'],
    noEmitOnError: true,
  }),
];

/** The loader snippet ships as it stands, next to the script it loads. */
const snippet = {
  name: 'snippet',
  generateBundle() {
    this.emitFile({
      type: 'asset',
      fileName: 'snippet.html',
      source: readFileSync('src/snippet.html', 'utf8'),
    });
  },
};

/** Of all scripts, whichever is built first. */
const hashes = {};
/** What the script tags hold of others, and under which terms: in a file next to them, which no visitor loads. */
const licenses = {
  name: 'licenses',
  generateBundle() {
    const texts = Object.keys(dependencies).map(name => {
      const file = readdirSync(`node_modules/${name}`).find(entry => /^licen[cs]e/i.test(entry));
      return `${name}\n\n${readFileSync(`node_modules/${name}/${file}`, 'utf8').trim()}\n`;
    });
    this.emitFile({ type: 'asset', fileName: 'LICENSES.txt', source: texts.join('\n\n') });
  },
};

/** The hashes for the `integrity` attribute of a page that loads a script from elsewhere. */
const integrity = {
  name: 'integrity',
  generateBundle(_, bundle) {
    const scripts = Object.values(bundle).filter(({ type }) => type === 'chunk');
    for (const { fileName, code } of scripts)
      hashes[fileName] = `sha384-${createHash('sha384').update(code).digest('base64')}`;
    const source = `${JSON.stringify(hashes, null, 2)}\n`;
    this.emitFile({ type: 'asset', fileName: 'integrity.json', source });
  },
};

/** Entries that a page's bundle has. */
const PAGES = { index: 'src/index.ts', full: 'src/full/index.ts' };

/** Entries that stand for themselves. */
const APART = {
  relay: 'src/relay/index.ts',
  'consent-mode': 'src/consent-mode.ts',
  'consent-tcf': 'src/consent-tcf.ts',
};

/** Types of global variables. They lean on the entries' own types, to which a site may add. */
const GLOBALS = { global: 'src/global.ts', 'full-global': 'src/full/global.ts' };

/** A module without a line of code: an import that is there for its types has to lead somewhere. */
const nothing = {
  name: 'nothing',
  generateBundle() {
    this.emitFile({ type: 'asset', fileName: 'global.js', source: 'export {};\n' });
    this.emitFile({ type: 'asset', fileName: 'global.cjs', source: '' });
  },
};

const output = { sourcemap: true, exports: 'named' };

/** A script tag: everything in one file, and in as few bytes as can be. */
const script = (input, file, ...more) => ({
  input,
  plugins: [
    ...compile,
    ...more,
    terser({
      ecma: 2020,
      toplevel: true,
      compress: {
        passes: 4,
        pure_getters: true,
        unsafe: true,
        unsafe_arrows: true,
        unsafe_comps: true,
        unsafe_methods: true,
        inline: 1,
      },
      format: {
        // The notices stand in LICENSES.txt.
        comments: false,
        // Nearly all of it runs at once: compiled beside the page's thread, while it loads, and not function by function
        // (WICG, Explicit JavaScript Compile Hints; Chromium 136). To any other browser it is a comment.
        preamble: '//# allFunctionsCalledOnLoad',
      },
    }),
    integrity,
  ],
  // A map is there for who looks for it: no visitor pays for its name.
  output: {
    sourcemap: 'hidden',
    dir: 'dist',
    entryFileNames: file,
    format: 'iife',
    generatedCode: { arrowFunctions: true, constBindings: true, objectShorthand: true },
  },
});

export default [
  ...Object.entries(PAGES).flatMap(([name, input]) => [
    {
      input,
      external: Object.keys(dependencies),
      plugins: compile,
      output: { ...output, file: `dist/${name}.js`, format: 'es' },
    },
    {
      input,
      // ky is published as an ES module alone: require() cannot load it everywhere, so it is bundled.
      external: Object.keys(dependencies).filter(name => name !== 'ky'),
      plugins: compile,
      output: { ...output, file: `dist/${name}.cjs`, format: 'cjs' },
    },
  ]),
  script('src/script.ts', 'utmost.min.js', snippet, licenses),
  script('src/full/script.ts', 'utmost.full.min.js'),
  ...Object.entries(APART).map(([name, input]) => ({
    input,
    // Nothing is external: these have no dependency, and run where there are no packages.
    plugins: compile,
    output: ['es', 'cjs'].map(format => ({
      ...output,
      file: `dist/${name}.${format === 'es' ? 'js' : 'cjs'}`,
      format,
    })),
  })),
  ...Object.entries({ ...PAGES, ...APART }).map(([name, input]) => ({
    input,
    plugins: [dts()],
    external: /node_modules/,
    output: ['ts', 'cts'].map(extension => ({ file: `dist/${name}.d.${extension}`, format: 'es' })),
  })),
  ...Object.entries(GLOBALS).map(([name, input]) => ({
    input,
    plugins: [dts(), nothing],
    external: /^utmost/,
    output: ['ts', 'cts'].map(extension => ({ file: `dist/${name}.d.${extension}`, format: 'es' })),
  })),
];
