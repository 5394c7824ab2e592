// npm run bench: utmost beside its peers. Prints what docs/benchmark.md tells, and writes it into results.json: npm run docs:tables takes it from there.
import { parseArgs } from 'node:util';
import { textOf } from '../../docs/tables/bench.ts';
import { openTestSite, type TestSite } from '../delivery/test-site.ts';
import { installPackages } from '../install-packages.ts';
import { tableOfBudgets } from './budgets.ts';
import { measureBytes } from './bytes.ts';
import { type Competitor, competitors } from './competitors.ts';
import { costsOf } from './costs.ts';
import { measureDelivery } from './delivery.ts';
import { entrantsOf } from './entrants.ts';
import { measurePaint } from './lcp.ts';
import { THROTTLE } from './loads.ts';
import { measureRecording } from './recording.ts';
import { type Block, circumstances, savePart } from './report.ts';
import { measureRounds } from './rounds.ts';
import { measureStorage } from './storage.ts';
import { tableOfTasks, tableOfTimes, tablesOfCounts } from './time.ts';

const RUNS = Number(process.env.TRIALS ?? 20);
const ROUNDS = Number(process.env.ROUNDS ?? 12);
const PAIRS = Number(process.env.PAIRS ?? 80);
const CALLS = Number(process.env.CALLS ?? 50);

async function measureTime(testSite: TestSite, all: readonly Competitor[]): Promise<Block[]> {
  const costs = costsOf(await measureRounds(testSite, entrantsOf(all), ROUNDS));
  const paint = await measurePaint(testSite, PAIRS);
  return [
    `Medians of ${ROUNDS} loads each over those of a blank page, in random order, at ${THROTTLE} times CPU throttle:`,
    ...tableOfTimes(costs),
    ...tableOfTasks(costs),
    ...tablesOfCounts(costs),
    `The loader snippet added ${paint.mean.toFixed(1)} ± ${paint.error.toFixed(1)} ms to the largest contentful paint: mean and standard error of ${PAIRS} pairs.`,
    tableOfBudgets(costs, paint),
    ...(await measureStorage(testSite, all)),
  ];
}

const PARTS: Record<string, (testSite: TestSite, all: readonly Competitor[]) => Promise<Block[]>> = {
  bytes: (_, all) => measureBytes(all),
  time: measureTime,
  capture: ({ browser }) => measureRecording(browser, CALLS),
  delivery: async (testSite, all) => [
    `Of ${RUNS} trials of each scenario:`,
    ...(await measureDelivery(testSite, all, RUNS)),
  ],
};

const { only } = parseArgs({ options: { only: { type: 'string' } } }).values;
const parts = only?.split(',') ?? Object.keys(PARTS);

installPackages('bench');

// Ends a benchmark that hangs.
setTimeout(() => {
  console.error(
    'The benchmark has not ended after an hour and a half: ROUNDS=5 PAIRS=20 TRIALS=5 make it shorter.',
  );
  process.exit(1);
}, 5_400_000).unref();

const testSite = await openTestSite();
try {
  for (const part of parts) {
    const measure = PARTS[part];
    if (!measure) throw new Error(`--only takes ${Object.keys(PARTS).join(', ')}, and not "${part}".`);
    const begin = Date.now();
    const blocks = await measure(testSite, competitors());
    savePart(part, { on: circumstances(testSite.browser.version()), blocks });
    console.log(`\n${textOf(blocks)}\n\n${part} took ${Math.round((Date.now() - begin) / 1000)} s.`);
  }
} finally {
  await testSite.close();
}
