import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build, type PluginOption } from 'vite';
import type { Project } from '../packed.ts';
import type { App } from './apps.ts';

/** Loads a package of this folder. Not by its name in an import: the types of it are not there before a test runs. */
const load = (name: string) => import(/* @vite-ignore */ name);

const TSCONFIG = { compilerOptions: { experimentalDecorators: true, useDefineForClassFields: false } };

/** Builds an app as its site would. Returns the page's script, and what a server has rendered. */
export async function buildApp(project: Project, name: string, app: App) {
  const folder = `${name.toLowerCase()}-app`;
  for (const [file, text] of Object.entries(app.files)) project.write(`${folder}/${file}`, text);
  project.write(`${folder}/tsconfig.json`, JSON.stringify(TSCONFIG));
  const plugins: PluginOption[] = [];
  if (name === 'Vue') plugins.push((await load('@vitejs/plugin-vue')).default());
  if (name === 'Svelte')
    plugins.push((await load('@sveltejs/vite-plugin-svelte')).svelte({ configFile: false }));
  const root = join(project.folder, folder);
  const bundle = (entry: string, isServer: boolean) =>
    build({
      root,
      configFile: false,
      logLevel: 'error',
      // Strict Mode repeats effects, and frameworks tell of what does not agree, in their development builds alone.
      mode: 'development',
      define: { 'process.env.NODE_ENV': '"development"' },
      plugins,
      ssr: { noExternal: true },
      build: {
        ssr: isServer,
        minify: false,
        outDir: isServer ? 'server' : 'client',
        rolldownOptions: {
          input: join(root, entry),
          output: { entryFileNames: isServer ? 'entry.mjs' : 'entry.js' },
        },
      },
    });
  await bundle(app.client, false);
  const script = readFileSync(join(root, 'client/entry.js'), 'utf8');
  await bundle(app.server, true);
  const { default: render } = await load(pathToFileURL(join(root, 'server/entry.mjs')).href);
  return { script, html: `${await render()}` };
}
