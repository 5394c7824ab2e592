import { readFileSync } from 'node:fs';
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

/**
 * Parts of ky that a plain post never reaches, which no minifier can see: progress, search parameters, retries (the
 * courier's work), and options to merge with. Without them the script tag is 1.9 KB smaller, and does not probe for
 * streams when it starts.
 */
const UNREACHED = {
  'utils/body.js': 'export const streamRequest = 0, streamResponse = 0;',
  'utils/delay.js': 'export default 0;',
  'utils/options.js': 'export const findUnknownOptions = () => ({}), hasSearchParameters = () => false;',
  'utils/merge.js': `export const validateAndMerge = (...sources) => Object.assign({}, ...sources),
    mergeHeaders = (inherited, headers) => new Headers(headers), mergeHooks = hooks => hooks;`,
  'utils/normalize.js': `export const normalizeRequestMethod = method => method.toUpperCase(),
    normalizeRetryOptions = limit => ({ limit });`,
  'utils/type-guards.js':
    'export const isKyError = 0, isHTTPError = 0, isTimeoutError = 0, isForceRetryError = 0;',
  'errors/NonError.js': 'export const NonError = Error;',
  'errors/ForceRetryError.js': 'export class ForceRetryError extends Error {}',
};
const withoutUnreached = {
  name: 'without-unreached',
  transform(code, id) {
    const file = id.replaceAll('\\', '/').match(/\/ky\/distribution\/(.*)$/)?.[1];
    if (file in UNREACHED) return { code: UNREACHED[file], map: null };
    if (file !== 'core/constants.js') return null;
    const probe = /(?<=const supports(Request|Response)Streams = )(\(\(\) => \{.*?\n\}\)\(\)|[^;]*);/gs;
    if (code.match(probe)?.length !== 2) this.error('ky has changed: look again at what it probes for');
    return { code: code.replace(probe, 'false;'), map: null };
  },
};

/** Properties that no other code, no stored record and no request ever sees: in the script tag their names are cut. */
const INTERNAL =
  /^(whenActive|onHide|onWake|later|uuid|visit|revisit|isAlone|isVolatile|stored|settle|outbox|courier|visitor|report|onDelivered|submit|announce|confirm|arrive|identify|peek|load|save|site|fields|decision|repaired|client|begin|found|after)$/;

const output = { sourcemap: true, exports: 'named' };

export default [
  {
    input: 'src/index.ts',
    external: Object.keys(dependencies),
    plugins: compile,
    output: { ...output, file: 'dist/index.js', format: 'es' },
  },
  {
    input: 'src/index.ts',
    // ky is published as an ES module alone: require() cannot load it everywhere, so it is bundled.
    external: Object.keys(dependencies).filter(name => name !== 'ky'),
    plugins: compile,
    output: { ...output, file: 'dist/index.cjs', format: 'cjs' },
  },
  {
    input: 'src/script.ts',
    plugins: [
      withoutUnreached,
      ...compile,
      snippet,
      terser({
        ecma: 2020,
        toplevel: true,
        mangle: { properties: { regex: INTERNAL } },
        compress: { passes: 4, pure_getters: true, unsafe: true, unsafe_arrows: true },
      }),
    ],
    output: { sourcemap: true, dir: 'dist', entryFileNames: 'utmost.min.js', format: 'iife' },
  },
  {
    input: 'src/relay/index.ts',
    // Nothing is external: the relay has no dependency, and runs where there are no packages.
    plugins: compile,
    output: ['es', 'cjs'].map(format => ({
      ...output,
      file: `dist/relay.${format === 'es' ? 'js' : 'cjs'}`,
      format,
    })),
  },
  ...Object.entries({ index: 'src/index.ts', relay: 'src/relay/index.ts' }).map(([name, input]) => ({
    input,
    plugins: [dts()],
    external: /node_modules/,
    output: ['ts', 'cts'].map(extension => ({ file: `dist/${name}.d.${extension}`, format: 'es' })),
  })),
];
