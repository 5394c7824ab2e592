import { spawn } from 'node:child_process';
import { readdir, stat } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { SOURCES } from '../docs/site/navigation.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/**
 * A step of the build. Its command runs when an output is missing or older than any of the inputs (files or
 * folders).
 */
interface Step {
  name: string;
  inputs: string[];
  outputs: string[];
  command: [program: string, ...rest: string[]];
}

const inputs = ['src', 'rollup.config.mjs', 'rollup.assets.mjs', 'rollup.typescript.mjs', 'package.json'];

/** All of the library. */
export const LIBRARY: Step = {
  name: 'the library',
  inputs,
  outputs: ['dist/index.js', 'dist/full-global.d.ts'],
  command: ['npx', 'rollup', '--config', '--silent'],
};

/** The documentation site. */
export const SITE: Step = {
  name: 'the documentation site',
  inputs: [
    ...SOURCES,
    'src',
    'package.json',
    ...[
      'navigation.ts',
      'pages.ts',
      'playground',
      'typedoc.json',
      '.vitepress/config.ts',
      '.vitepress/theme',
    ].map(path => `docs/site/${path}`),
  ],
  outputs: ['reports/docs/index.html'],
  command: ['npx', 'tsx', 'docs/site/build.ts'],
};

const STEPS: Step[] = [
  {
    name: "the library's files that the demo serves",
    inputs,
    outputs: [
      'dist/index.js',
      'dist/relay.js',
      'dist/server.js',
      'dist/consent-tcf.js',
      'dist/channel.js',
      'dist/utmost.min.js',
      'dist/utmost.forms.min.js',
      'dist/utmost.panel.min.js',
    ],
    command: ['npx', 'rollup', '--config', '--configDemo', '--silent'],
  },
  {
    name: "the demo's app",
    inputs: ['dist/index.js', 'demo/app', 'demo/rollup.config.mjs'],
    outputs: ['demo/.build/app.js'],
    command: ['npx', 'rollup', '--config', 'demo/rollup.config.mjs', '--silent'],
  },
];

/**
 * Builds what the demo needs of the library and then its app, each only where it is missing or out of date. `first`: what
 * is built before that. Rejects if a build fails.
 */
export async function buildDemo(...first: Step[]): Promise<void> {
  for (const step of [...first, ...STEPS]) {
    if (await isFresh(step)) continue;
    console.log(`Building ${step.name} …`);
    await run(step);
  }
}

async function isFresh({ inputs, outputs }: Step): Promise<boolean> {
  const built = await Promise.all(outputs.map(changedAt));
  const changed = await Promise.all(inputs.map(changedAt));
  return Math.min(...built) > 0 && Math.min(...built) >= Math.max(...changed);
}

/**
 * Returns when a file, or the newest thing in a folder, was last changed, in milliseconds; 0 if there is
 * none.
 */
async function changedAt(path: string): Promise<number> {
  const found = await stat(`${ROOT}/${path}`).catch(() => undefined);
  if (!found?.isDirectory()) return found?.mtimeMs ?? 0;
  const names = await readdir(`${ROOT}/${path}`);
  // The folder's own time counts too: it changes when a file in it is removed or renamed.
  return Math.max(found.mtimeMs, ...(await Promise.all(names.map(name => changedAt(`${path}/${name}`)))));
}

function run({ name, command: [program, ...rest] }: Step): Promise<void> {
  return new Promise((resolve, reject) => {
    // npm and npx are .cmd files on Windows, which only a shell can start.
    const child = spawn(program, rest, { cwd: ROOT, stdio: 'inherit', shell: process.platform === 'win32' });
    child.once('error', reject);
    child.once('exit', code => {
      if (code === 0) resolve();
      else reject(new Error(`Building ${name} failed: ${[program, ...rest].join(' ')}`));
    });
  });
}
