// npm run bench: utmost beside its peers. Prints the tables of the README's section "Benchmark", and writes them there.
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { openTestSite, type TestSite } from '../delivery/test-site.ts';
import { tableOfBudgets } from './budgets.ts';
import { measureBytes } from './bytes.ts';
import { type Competitor, competitors } from './competitors.ts';
import { measureDelivery } from './delivery.ts';
import { measurePaint } from './lcp.ts';
import { circumstances, writePart } from './report.ts';
import { measureStorage } from './storage.ts';
import { measureLoads, tableOfLoads } from './time.ts';

const RUNS = Number(process.env.TRIALS ?? 20);
const ROUNDS = Number(process.env.ROUNDS ?? 15);

async function measureTime(testSite: TestSite, all: readonly Competitor[]): Promise<string> {
  const loads = await measureLoads(testSite, all, ROUNDS);
  const paint = await measurePaint(testSite, ROUNDS);
  return [
    `Of ${ROUNDS} loads each, in turns, at 4 times CPU throttle:`,
    tableOfLoads(loads),
    tableOfBudgets(loads, paint, all),
    await measureStorage(testSite, all),
  ].join('\n\n');
}

const PARTS: Record<string, (testSite: TestSite, all: readonly Competitor[]) => Promise<string>> = {
  bytes: (_, all) => measureBytes(all),
  time: measureTime,
  delivery: async (testSite, all) =>
    `Of ${RUNS} trials of each scenario:\n\n${await measureDelivery(testSite, all, RUNS)}`,
};

const { only } = parseArgs({ options: { only: { type: 'string' } } }).values;
const parts = only?.split(',') ?? Object.keys(PARTS);

if (!existsSync(new URL('node_modules', import.meta.url))) {
  const prefix = fileURLToPath(new URL('.', import.meta.url));
  execFileSync('npm', ['ci', '--ignore-scripts', '--prefix', prefix], { stdio: 'inherit' });
}

// Ends a benchmark that hangs.
setTimeout(() => {
  console.error('The benchmark has not ended after an hour and a half: ROUNDS=5 TRIALS=5 make it shorter.');
  process.exit(1);
}, 5_400_000).unref();

const testSite = await openTestSite();
try {
  for (const part of parts) {
    const measure = PARTS[part];
    if (!measure) throw new Error(`--only takes ${Object.keys(PARTS).join(', ')}, and not "${part}".`);
    const begin = Date.now();
    const text = `${await measure(testSite, competitors())}\n\n(${circumstances(testSite.browser.version())})`;
    await writePart(part, text);
    console.log(`\n${text}\n\n${part} took ${Math.round((Date.now() - begin) / 1000)} s.`);
  }
} finally {
  await testSite.close();
}
