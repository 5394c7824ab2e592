// npm run docs: the documentation site, in reports/docs/, for any static host. With --serve: built anew at every change.
import { execFileSync } from 'node:child_process';
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

/** Writes a file where the site differs from what is there, so that a server sees what has changed alone. */
function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

function stagePage(source: string): void {
  const { text, images } = stage(source, readFileSync(join(root, source), 'utf8'), github);
  write(join(pages, toFile(source)), text);
  for (const image of images) cpSync(join(root, image), join(pages, toAsset(image)));
}

/** Runs a program of this folder's packages. */
const run = (program: string, ...rest: string[]) =>
  execFileSync(join(here, 'node_modules/.bin', program), rest, { cwd: here, stdio: 'inherit' });

installPackages('../docs/site');
rmSync(pages, { recursive: true, force: true });
run('typedoc', '--logLevel', 'Warn');
for (const source of SOURCES) stagePage(source);

if (process.argv.includes('--serve')) {
  for (const source of SOURCES)
    watch(dirname(join(root, source)), (_, name) => {
      if (name === basename(source)) stagePage(source);
    });
  run('vitepress', 'dev');
} else run('vitepress', 'build');
