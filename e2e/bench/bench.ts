// npm run bench: utmost beside its peers. Prints what docs/benchmark.md tells, and writes it into results.json: npm run docs:tables takes it from there.
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { textOf } from '../../docs/tables/bench.ts';
import { type Lab, openLab } from '../delivery/lab.ts';
import { tableOfBudgets } from './budgets.ts';
import { measureBytes } from './bytes.ts';
import { type Contestant, contestants } from './contestants.ts';
import { measureDelivery } from './delivery.ts';
import { measurePaint } from './lcp.ts';
import { type Block, circumstances, savePart } from './report.ts';
import { measureStorage } from './storage.ts';
import { measureLoads, tableOfLoads } from './time.ts';

const TRIALS = Number(process.env.TRIALS ?? 20);
const ROUNDS = Number(process.env.ROUNDS ?? 15);

async function measureTime(lab: Lab, all: readonly Contestant[]): Promise<Block[]> {
  const loads = await measureLoads(lab, all, ROUNDS);
  const paint = await measurePaint(lab, ROUNDS);
  return [
    `Of ${ROUNDS} loads each, in turns, at 4 times CPU throttle:`,
    ...tableOfLoads(loads),
    tableOfBudgets(loads, paint, all),
    ...(await measureStorage(lab, all)),
  ];
}

const PARTS: Record<string, (lab: Lab, all: readonly Contestant[]) => Promise<Block[]>> = {
  bytes: (_, all) => measureBytes(all),
  time: measureTime,
  delivery: async (lab, all) => [
    `Of ${TRIALS} trials of each scenario:`,
    ...(await measureDelivery(lab, all, TRIALS)),
  ],
};

const { only } = parseArgs({ options: { only: { type: 'string' } } }).values;
const parts = only?.split(',') ?? Object.keys(PARTS);

if (!existsSync(new URL('node_modules', import.meta.url))) {
  const prefix = fileURLToPath(new URL('.', import.meta.url));
  execFileSync('npm', ['ci', '--ignore-scripts', '--prefix', prefix], { stdio: 'inherit' });
}

// Something that hangs must not do so for ever.
setTimeout(() => {
  console.error('The benchmark has not ended after an hour and a half.');
  process.exit(1);
}, 5_400_000).unref();

const lab = await openLab();
try {
  for (const part of parts) {
    const measure = PARTS[part];
    if (!measure) throw new Error(`--only takes ${Object.keys(PARTS).join(', ')}, and not "${part}".`);
    const begin = Date.now();
    const blocks = await measure(lab, contestants());
    savePart(part, { on: circumstances(lab.browser.version()), blocks });
    console.log(`\n${textOf(blocks)}\n\n${part} took ${Math.round((Date.now() - begin) / 1000)} s.`);
  }
} finally {
  await lab.close();
}
