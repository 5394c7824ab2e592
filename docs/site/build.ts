// npm run docs: the documentation site, in reports/docs/, for any static host. With --serve: on a server of its own, which
// follows every change of a page.
import { execFileSync, spawn } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, rmSync, watch, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { installPackages } from '../../e2e/install-packages.ts';
import { SOURCES, toFile } from './navigation.ts';
import { stage, toAsset } from './pages.ts';

const here = fileURLToPath(new URL('.', import.meta.url));
const root = fileURLToPath(new URL('../..', import.meta.url));
/** The pages that VitePress reads. */
const pages = join(here, '.build/pages');

const { repository } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const github = repository.url.replace(/^git\+|\.git$/g, '');

function stagePage(source: string): void {
  const { text, images } = stage(source, readFileSync(join(root, source), 'utf8'), github);
  mkdirSync(pages, { recursive: true });
  writeFileSync(join(pages, toFile(source)), text);
  for (const image of images) cpSync(join(root, image), join(pages, toAsset(image)));
}

/** This folder's programs, which Node runs on every system. */
const TYPEDOC = join(here, 'node_modules/typedoc/bin/typedoc');
const VITEPRESS = join(here, 'node_modules/vitepress/bin/vitepress.js');
const VUE_TSC = join(here, 'node_modules/vue-tsc/bin/vue-tsc.js');
const run = (...command: string[]) =>
  execFileSync(process.execPath, command, { cwd: here, stdio: 'inherit' });

installPackages('../docs/site');
rmSync(pages, { recursive: true, force: true });
run(TYPEDOC, '--logLevel', 'Warn');
for (const source of SOURCES) stagePage(source);

if (process.argv.includes('--serve')) {
  for (const source of SOURCES)
    watch(dirname(join(root, source)), (_, name) => {
      if (name === basename(source)) stagePage(source);
    });
  // Beside it, and not waited for: this process goes on to watch the pages.
  const server = spawn(process.execPath, [VITEPRESS, 'dev'], { cwd: here, stdio: 'inherit' });
  server.once('exit', code => process.exit(code ?? 1));
} else {
  // The root's compiler reads no components.
  run(VUE_TSC, '--project', '.');
  run(VITEPRESS, 'build');
  console.log('The site is in reports/docs/, for any static host. To read it here: npm run docs:dev');
}
