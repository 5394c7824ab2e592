import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import commonjs from '@rollup/plugin-commonjs';
import resolve from '@rollup/plugin-node-resolve';
import replace from '@rollup/plugin-replace';
import terser from '@rollup/plugin-terser';
import { typescript } from '../../rollup.typescript.mjs';

const { version } = JSON.parse(readFileSync('package.json', 'utf8'));

/** Folders of the packages that the file holds. They are known once it is built. */
export const packages = new Set();
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

/** The command line: one file for Node that has all it needs. */
export default {
  input: 'src/cli/main.ts',
  external: /^node:/,
  plugins: [
    replace({ preventAssignment: true, VERSION: JSON.stringify(version) }),
    resolve({ preferBuiltins: true }),
    // cli-table3 colours by a package that is there by chance; its colours are ours.
    commonjs({ ignore: ['@colors/colors/safe'] }),
    typescript('src/cli/tsconfig.json'),
    collect,
    terser({ ecma: 2020, module: true, format: { comments: false } }),
  ],
  output: { file: 'dist/cli.js', format: 'es', banner: '#!/usr/bin/env node' },
};
