import { fileURLToPath } from 'node:url';
import nodeResolve from '@rollup/plugin-node-resolve';
import typescript from '@rollup/plugin-typescript';

const path = relative => fileURLToPath(new URL(relative, import.meta.url));

// The app imports 'utmost' as any app would, and gets the built package, as npm would have installed it. The type
// checker alone reads src/, by tsconfig's `paths`.
const packageUnderTest = {
  name: 'package-under-test',
  resolveId: source => (source === 'utmost' ? path('../dist/index.js') : null),
};

/** The demo's single-page app. */
export default {
  input: path('app/main.ts'),
  output: { file: path('.build/app.js'), format: 'es', sourcemap: true },
  plugins: [
    packageUnderTest,
    nodeResolve({ browser: true }),
    typescript({
      tsconfig: path('../tsconfig.json'),
      // A page's code may not lean on Node's types.
      compilerOptions: { types: [], noEmit: false, rewriteRelativeImportExtensions: true },
      include: [path('app/**/*.ts')],
      noEmitOnError: true,
    }),
  ],
};
