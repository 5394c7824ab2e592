import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { type Client, UTMOST } from './client.ts';

/**
 * Builds the npm build as a site's own bundler makes a page's script of it, with ky and the other
 * dependencies as published.
 */
export async function npmClient(): Promise<Client> {
  const { outputFiles } = await build({
    stdin: {
      contents: `import utmost from './dist/index.js'; window.utmost = utmost;`,
      resolveDir: fileURLToPath(new URL('../..', import.meta.url)),
    },
    bundle: true,
    minify: true,
    format: 'iife',
    write: false,
  });
  return { ...UTMOST, source: outputFiles.map(({ text }) => text).join('') };
}
