// npm test: runs every check in its stage, and says in the end what each of them took.
import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';

/** The stages, one after the other. The lanes of a stage run side by side, and the scripts of a lane in their order. */
const STAGES: string[][][] = [
  [
    ['types', 'docs'],
    ['lint', 'build', 'docs:check', 'api:check', 'package'],
  ],
  [['unit']],
  [['e2e']],
];

/** The lines of the report: a script, and the seconds that it took. */
const report: string[] = [];
const tell = (name: string, begin: number, end = '') =>
  report.push(`${name.padEnd(12)}${((performance.now() - begin) / 1000).toFixed(0).padStart(5)} s${end}`);

/** Runs a script of package.json and returns whether it succeeded. Beside others it shows what it printed at its end. */
async function run(name: string, isBeside: boolean): Promise<boolean> {
  const begin = performance.now();
  const child = spawn('npm', ['run', name], {
    stdio: ['ignore', isBeside ? 'pipe' : 'inherit', isBeside ? 'pipe' : 'inherit'],
    // npm is a .cmd file on Windows, which only a shell can start.
    shell: process.platform === 'win32',
  });
  const ended = new Promise<boolean>(resolve => {
    child.once('error', () => resolve(false));
    child.once('close', code => resolve(code === 0));
  });
  const printed = await Promise.all([child.stdout, child.stderr].map(stream => stream && text(stream)));
  const isRight = await ended;
  for (const part of printed) if (part) process.stdout.write(part);
  tell(name, begin, isRight ? '' : ', failed');
  return isRight;
}

/** Runs scripts in their order until one fails, and returns whether all succeeded. */
async function runLane(scripts: readonly string[], isBeside: boolean): Promise<boolean> {
  for (const name of scripts) if (!(await run(name, isBeside))) return false;
  return true;
}

const begin = performance.now();
let isRight = true;
for (const lanes of STAGES)
  isRight &&= (await Promise.all(lanes.map(lane => runLane(lane, lanes.length > 1)))).every(Boolean);

tell('all', begin);
console.log(`\n${report.join('\n')}`);
if (!isRight) process.exitCode = 1;
