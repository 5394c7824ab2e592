import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { relative } from 'node:path';
import commonjs from '@rollup/plugin-commonjs';
import resolve from '@rollup/plugin-node-resolve';
import replace from '@rollup/plugin-replace';
import terser from '@rollup/plugin-terser';
import typescript from '@rollup/plugin-typescript';
import { dts } from 'rollup-plugin-dts';

const { version, dependencies } = JSON.parse(readFileSync('package.json', 'utf8'));

/** The package's entries, by the names of their files in dist/. */
const ENTRIES = {
  index: 'src/index.ts',
  full: 'src/full.ts',
  relay: 'src/relay.ts',
  'relay-node': 'src/relay/node.ts',
  server: 'src/server.ts',
  forms: 'src/forms.ts',
  simulate: 'src/campaign/simulate.ts',
  channel: 'src/channel/channel-of.ts',
  panel: 'src/panel.ts',
  'consent-mode': 'src/consent/google-consent-mode.ts',
  'consent-tcf': 'src/consent/iab-tcf.ts',
};

/** Types of global variables. They lean on the entries' own types, to which a site may add. */
const GLOBALS = { global: 'src/global.ts', 'full-global': 'src/full-global.ts' };

/** Leaves the import of the panel's script as it stands: a page loads that on demand, by the name it has in dist/. */
const onDemand = {
  name: 'on-demand',
  resolveId: id => (id === './utmost.panel.min.js' ? { id, external: 'absolute' } : null),
};

const compile = [
  onDemand,
  replace({ preventAssignment: true, VERSION: JSON.stringify(version) }),
  resolve({ browser: true }),
  // Types are checked once, by `npm run types`, and not again for each bundle.
  typescript({ tsconfig: 'src/tsconfig.json', compilerOptions: { noCheck: true, noEmit: false } }),
];

/** Emits files that are no code. */
const emit = (name, files) => ({
  name,
  generateBundle(_, bundle) {
    for (const [fileName, source] of Object.entries(files(bundle)))
      this.emitFile({ type: 'asset', fileName, source });
  },
});

/** Folders of the packages that the files in dist/ hold or lean on. Those of the command line are added as it is built. */
const packages = new Set(Object.keys(dependencies).map(name => `node_modules/${name}`));
const collect = {
  name: 'collect',
  generateBundle(_, bundle) {
    for (const { modules } of Object.values(bundle))
      for (const id of Object.keys(modules ?? {})) {
        const [folder] = /^.*node_modules\/(@[^/]+\/)?[^/]+/.exec(id) ?? [];
        if (folder && !id.startsWith('\0')) packages.add(relative('.', folder));
      }
  },
};

/** The loader snippet as it stands, and the licences of what the files hold of others. */
const assets = emit('assets', () => {
  const texts = [...packages].sort().map(folder => {
    const file = readdirSync(folder).find(entry => /^licen[cs]e/i.test(entry));
    const name = folder.replace(/^.*node_modules\//, '');
    return `${name}

${readFileSync(`${folder}/${file}`, 'utf8').trim()}
`;
  });
  return { 'snippet.html': readFileSync('src/snippet.html', 'utf8'), 'LICENSES.txt': texts.join('\n\n') };
});

const hashes = {};
/** The hashes for the `integrity` attribute of a page that loads a script from elsewhere. */
const integrity = emit('integrity', bundle => {
  for (const { type, fileName, code } of Object.values(bundle))
    if (type === 'chunk') hashes[fileName] = `sha384-${createHash('sha384').update(code).digest('base64')}`;
  return { 'integrity.json': `${JSON.stringify(hashes, null, 2)}\n` };
});

/** A module without code: an import that is there for its types has to lead somewhere. */
const empty = emit('empty', () => ({ 'global.js': 'export {};\n', 'global.cjs': '' }));

const EXTENSIONS = { es: 'js', cjs: 'cjs' };
const modules = ([name, input]) =>
  Object.keys(EXTENSIONS).map(format => ({
    input,
    // ky is published as an ES module alone: require() cannot load it everywhere, so it is bundled there.
    external: Object.keys(dependencies).filter(each => format === 'es' || each !== 'ky'),
    plugins: compile,
    output: { file: `dist/${name}.${EXTENSIONS[format]}`, format, sourcemap: true, exports: 'named' },
  }));

/** Everything in one minified file, for a page without a bundler. */
const script = (input, file, format = 'iife') => ({
  input,
  plugins: [
    ...compile,
    assets,
    terser({
      ecma: 2020,
      module: true,
      compress: { passes: 4, pure_getters: true, unsafe: true, unsafe_arrows: true, unsafe_comps: true },
      // Nearly all of it runs at once: compiled beside the page's thread while it loads, and not function by function
      // (WICG, Explicit JavaScript Compile Hints; Chromium 136). To any other browser it is a comment.
      format: { comments: false, preamble: '//# allFunctionsCalledOnLoad' },
    }),
    integrity,
  ],
  output: {
    dir: 'dist',
    entryFileNames: file,
    format,
    // A map is there for who looks for it: no visitor pays for its name.
    sourcemap: 'hidden',
    generatedCode: { arrowFunctions: true, constBindings: true, objectShorthand: true },
  },
});

const types = ([name, input], plugins, external) => ({
  input,
  plugins,
  external,
  output: ['ts', 'cts'].map(extension => ({ file: `dist/${name}.d.${extension}`, format: 'es' })),
});

const PANEL = script('src/panel-script.ts', 'utmost.panel.min.js', 'es');

const scripts = [
  script('src/script.ts', 'utmost.min.js'),
  script('src/forms-script.ts', 'utmost.forms.min.js'),
  script('src/full-script.ts', 'utmost.full.min.js'),
  script('src/module.ts', 'utmost.module.min.js', 'es'),
  PANEL,
];

/** The command line: one file for Node that has all it needs. */
const cli = {
  input: 'src/cli/main.ts',
  external: /^node:/,
  plugins: [
    replace({ preventAssignment: true, VERSION: JSON.stringify(version) }),
    resolve({ preferBuiltins: true }),
    // cli-table3 colours by a package that is there by chance; its colours are ours.
    commonjs({ ignore: ['@colors/colors/safe'] }),
    typescript({ tsconfig: 'src/cli/tsconfig.json', compilerOptions: { noCheck: true, noEmit: false } }),
    collect,
    terser({ ecma: 2020, module: true, format: { comments: false } }),
  ],
  output: { file: 'dist/cli.js', format: 'es', banner: '#!/usr/bin/env node' },
};

const DEMO = ['index', 'relay', 'server', 'consent-tcf', 'channel'].map(
  name => modules([name, ENTRIES[name]])[0],
);

/** With `--configDemo`, only what the demo serves or imports. */
export default ({ configDemo }) =>
  configDemo
    ? [...DEMO, ...scripts.slice(0, 2), PANEL]
    : [
        ...Object.entries(ENTRIES).flatMap(modules),
        cli,
        ...scripts,
        ...Object.entries(ENTRIES).map(entry => types(entry, [dts()], /node_modules/)),
        ...Object.entries(GLOBALS).map(entry => types(entry, [dts(), empty], /^utmost/)),
      ];
