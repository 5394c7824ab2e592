// npm run dev: builds at every change, restarts the server at a change of its own code, and reloads open pages.
import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { buildDemo } from './build.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const COMMANDS = [
  'rollup --config --configDemo --watch --no-watch.clearScreen --silent',
  'rollup --config demo/rollup.config.mjs --watch --no-watch.clearScreen --silent',
  'tsx watch --clear-screen=false demo/start.ts',
];

// One for all restarts, so that the dashboard stays signed in.
const READ_TOKEN = process.env.READ_TOKEN || randomBytes(24).toString('base64url');

await buildDemo();
const children: ChildProcess[] = COMMANDS.map(command =>
  spawn('npx', command.split(' '), {
    cwd: ROOT,
    stdio: 'inherit',
    shell: process.platform === 'win32',
    env: { ...process.env, RELOAD: '1', READ_TOKEN },
  }),
);
const end = () => {
  for (const child of children) child.kill('SIGTERM');
};
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, end);
// One that ends by itself ends all: a build that cannot be watched has said why.
for (const child of children) child.once('exit', end);
