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

/**
 * Parts of ky that a plain post never reaches, which no minifier can see: hooks, progress, search parameters, retries (the
 * courier's work), reading of bodies, and options to merge with. Without them, and the like of js-cookie, the script tag is
 * 4.2 KB gzip smaller, and does not probe for streams when it starts. A file here stands in for ky's.
 */
const UNREACHED = {
  'utils/body.js': 'export const streamRequest = 0, streamResponse = 0;',
  'utils/options.js': 'export const findUnknownOptions = () => ({}), hasSearchParameters = () => false;',
  'errors/TimeoutError.js': 'export class TimeoutError extends Error { name = "TimeoutError"; }',
};
/** Stretches of a file of ky's or js-cookie's: from one text up to another, and what stands in for them. */
const STRETCHES = {
  'index.js': [
    [
      'const createInstance =',
      'const ky = createInstance',
      'const createInstance = () => ({ post: (input, options) => Ky.create(input, { ...options, method: "post" }) });',
    ],
  ],
  'core/Ky.js': [
    ['for (const hook of ky.#options.hooks.afterResponse)', 'return response;\n        };', ''],
    ['if (typeof ky.#options.timeout', '// Delay the fetch', ''],
    ['const result = ky.#retry(function_)', 'return result;', 'const result = function_();'],
    ['static #normalizeSearchParams', 'request;\n', ''],
    // What is merged and defaulted here is given with every call, or is left to the Request.
    ['headers: mergeHeaders(', '};', ''],
    [
      "if (typeof this.#input !== 'string'",
      'this.request = new globalThis.Request(this.#input',
      'this.#abortController = new AbortController(); this.#options.signal = this.#abortController.signal;',
    ],
    ['if (hasSearchParameters(', 'async #fetch()', '}'],
    ['if (this.#abortController?.signal.aborted)', 'for (const hook of', ''],
    ['for (const hook of this.#options.hooks.beforeRequest)', 'const nonRequestOptions', ''],
    [
      'const nonRequestOptions',
      '//# sourceMappingURL',
      'return timeout(this.request, {}, this.#abortController, this.#options); } }',
    ],
    ['#retryCount = 0;', 'constructor(input', '#input; #options; '],
  ],
  'js.cookie.mjs': [
    ['function assign (target)', 'var defaultConverter', ''],
    // Attributes are given with every call, and none is a date.
    ["if (typeof document === 'undefined')", 'name = encodeURIComponent', ''],
    ["if (typeof document === 'undefined' ||", 'var jar', "var cookies = document.cookie.split('; ');"],
    ['return Object.create(', 'var api =', 'return { set, get } }'],
  ],
  'core/constants.js': [
    [
      'export const supportsRequestStreams =',
      'export const supportsAbortController',
      'export const supportsRequestStreams = false;',
    ],
    [
      'export const supportsResponseStreams =',
      'export const supportsFormData',
      'export const supportsResponseStreams = false;',
    ],
    ['export const usualFormBoundarySize =', 'export const stop', ''],
  ],
};
/** What js-cookie does to names and values for the sake of characters that our own records never have. */
const ENCODINGS = {
  'js.cookie.mjs': [
    ['name = encodeURIComponent(name)', 'var stringifiedAttributes', ''],
    ['converter.write(value, name)', ' + stringifiedAttributes', 'value'],
    ['attributes[attributeName].split(', '}', 'attributes[attributeName]; '],
    ['try {', 'return name ?', 'if (!(parts[0] in jar)) jar[parts[0]] = value; } '],
    ['name ? jar[name] : jar', '}', 'jar '],
    ['var defaultConverter', 'function init(', 'const defaultConverter = 0; '],
  ],
};
const without = (...cuts) => ({
  name: 'without-unreached',
  transform(code, id) {
    const file = id.replaceAll('\\', '/').match(/\/(?:ky\/distribution|js-cookie\/dist)\/(.*)$/)?.[1];
    if (file in UNREACHED) return { code: UNREACHED[file], map: null };
    let rest = code;
    for (const [from, to, instead] of cuts.flatMap(cut => cut[file] ?? [])) {
      const begin = rest.indexOf(from);
      const end = rest.indexOf(to, begin);
      if (begin < 0 || end < 0) this.error(`${file} has changed: look again for "${from}"`);
      rest = rest.slice(0, begin) + instead + rest.slice(end);
    }
    return rest === code ? null : { code: rest, map: null };
  },
});

/** Properties that no other code, no stored record and no request ever sees: in the script tag their names are cut. */
const INTERNAL =
  /^(whenActive|onHide|onWake|later|uuid|visit|revisit|isAlone|isSafe|isFlying|isParted|isOutranked|isSimple|stored|settle|outbox|courier|visitor|report|onDelivered|onReceipt|onLoss|submit|announce|confirm|arrive|identify|isNews|claim|lockManager|peek|load|save|site|fields|decision|repaired|client|begin|found|after|transport|pause|presence|remember|extend|left|share|mark|free|enter|leave|comeBack|sync|keep|discard|items|part|entry|send|store|identity|wipe|isDenied|current|choose|answer|jsonOf|whenRunning|optsOut|pack|stop|prefix|cookieDomains|away|fits|most|parted|isForgetful)$/;

/** Entries that a page's bundle has. */
const PAGES = { index: 'src/index.ts', full: 'src/full/index.ts' };

/** Entries that stand for themselves. */
const APART = {
  relay: 'src/relay/index.ts',
  'consent-mode': 'src/consent-mode.ts',
  'consent-tcf': 'src/consent-tcf.ts',
};

const output = { sourcemap: true, exports: 'named' };

/** A script tag: everything in one file, and in as few bytes as can be. */
const script = (input, file, cuts, internal, ...more) => ({
  input,
  plugins: [
    without(...cuts),
    ...compile,
    ...more,
    terser({
      ecma: 2020,
      toplevel: true,
      mangle: { properties: { regex: internal, builtins: true } },
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
    strict: false,
    generatedCode: { arrowFunctions: true },
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
  script('src/script.ts', 'utmost.min.js', [STRETCHES, ENCODINGS], INTERNAL, snippet, licenses),
  // It reads the cookies of others, which are encoded; and it has a method of the name `stop`.
  script(
    'src/full/script.ts',
    'utmost.full.min.js',
    [STRETCHES],
    new RegExp(INTERNAL.source.replace('|stop|', '|')),
  ),
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
];
