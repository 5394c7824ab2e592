import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

/**
 * Builds a page's script of an npm entry as a site's own bundler makes it, with ky and the other dependencies as
 * published. The entry's default export becomes a global variable, and `then` runs in the same task.
 */
export async function bundled(entry: 'index' | 'full', global: string, then = ''): Promise<string> {
  const { outputFiles } = await build({
    stdin: {
      contents: `import utmost from './dist/${entry}.js'; window.${global} = utmost; ${then}`,
      resolveDir: fileURLToPath(new URL('..', import.meta.url)),
    },
    bundle: true,
    minify: true,
    format: 'iife',
    write: false,
  });
  return outputFiles.map(({ text }) => text).join('');
}
