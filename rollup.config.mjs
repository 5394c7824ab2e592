import { readFileSync } from 'node:fs';
import resolve from '@rollup/plugin-node-resolve';
import replace from '@rollup/plugin-replace';
import terser from '@rollup/plugin-terser';
import { dts } from 'rollup-plugin-dts';
import { assets, empty, integrity } from './rollup.assets.mjs';
import { emitDeclarations, typescript } from './rollup.typescript.mjs';
import cli from './src/cli/rollup.config.mjs';
import { banner, FRAMEWORKS, SITES } from './src/frameworks/rollup.mjs';

const { version, dependencies } = JSON.parse(readFileSync('package.json', 'utf8'));

/** The package's entries, by the names of their files in dist/. */
const ENTRIES = {
  index: 'src/index.ts',
  full: 'src/full.ts',
  relay: 'src/relay.ts',
  'relay-node': 'src/relay/node.ts',
  server: 'src/server.ts',
  forms: 'src/forms.ts',
  capture: 'src/capture.ts',
  simulate: 'src/campaign/simulate.ts',
  channel: 'src/channel/channel-of.ts',
  panel: 'src/panel.ts',
  'consent-mode': 'src/consent/google-consent-mode.ts',
  'consent-tcf': 'src/consent/iab-tcf.ts',
  watch: 'src/frameworks/watch.ts',
  ...FRAMEWORKS,
};

/** Types of global variables. They lean on the entries' own types, to which a site may add. */
const GLOBALS = { global: 'src/global.ts', 'full-global': 'src/full-global.ts' };

/** Leaves imports of scripts as they stand: a page loads those on demand, by the names they have in dist/. */
const onDemand = {
  name: 'on-demand',
  resolveId: id => (/^\.\/utmost\.(panel|capture)\.min\.js$/.test(id) ? { id, external: 'absolute' } : null),
};

const compile = [
  onDemand,
  replace({ preventAssignment: true, VERSION: JSON.stringify(version) }),
  resolve({ browser: true }),
  typescript('src/tsconfig.json'),
];

const EXTENSIONS = { es: 'js', cjs: 'cjs' };
const modules = ([name, input]) =>
  Object.keys(EXTENSIONS).map(format => ({
    input,
    // ky is published as an ES module alone: require() cannot load it everywhere, so it is bundled there.
    external: [SITES, ...Object.keys(dependencies).filter(each => format === 'es' || each !== 'ky')],
    plugins: compile,
    output: { file: `dist/${name}.${EXTENSIONS[format]}`, format, sourcemap: true, exports: 'named', banner },
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

/** Where the declarations of single files are, of which those of the package are bundled. */
const DECLARATIONS = 'reports/declarations';

const types = ([name, input], plugins, external) => ({
  input: input.replace(/^src(.*)ts$/, `${DECLARATIONS}$1d.ts`),
  plugins,
  external,
  output: ['ts', 'cts'].map(extension => ({ file: `dist/${name}.d.${extension}`, format: 'es' })),
});

const PANEL = script('src/panel-script.ts', 'utmost.panel.min.js', 'es');

const scripts = [
  script('src/script.ts', 'utmost.min.js'),
  script('src/forms-script.ts', 'utmost.forms.min.js'),
  script('src/capture-script.ts', 'utmost.capture.min.js'),
  script('src/full-script.ts', 'utmost.full.min.js'),
  script('src/module.ts', 'utmost.module.min.js', 'es'),
  PANEL,
];

const DEMO = ['index', 'relay', 'server', 'consent-tcf', 'channel'].map(
  name => modules([name, ENTRIES[name]])[0],
);

/** With `--configDemo`, only what the demo serves or imports. */
export default ({ configDemo }) => {
  if (configDemo) return [...DEMO, ...scripts.slice(0, 2), PANEL];
  emitDeclarations(Object.values({ ...ENTRIES, ...GLOBALS }), DECLARATIONS);
  return [
    ...Object.entries(ENTRIES).flatMap(modules),
    cli,
    ...scripts,
    ...Object.entries(ENTRIES).map(entry => types(entry, [dts()], [SITES, /node_modules/])),
    ...Object.entries(GLOBALS).map(entry => types(entry, [dts(), empty], /^utmost/)),
  ];
};
