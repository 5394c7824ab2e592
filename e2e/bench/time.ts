import { setTimeout as sleep } from 'node:timers/promises';
import type { Run } from '../delivery/run.ts';
import type { TestSite } from '../delivery/test-site.ts';
import { type Competitor, THIS } from './competitors.ts';
import { type Load, measureLoad } from './loads.ts';
import { median, quantile } from './quantiles.ts';
import type { Block } from './report.ts';
import { lessThan } from './verdict.ts';

/** The most updates that an outbox holds. */
const FULL = 200;

/** Makes an earlier visit that ends with a full outbox, at a collector that is down since. */
async function fillOutbox(run: Run): Promise<void> {
  const context = await run.visitor();
  const page = await run.tab();
  run.collector.fail({ otherwise: 'reset' });
  await context.setOffline(true);
  await run.ask(
    page,
    run.updates(FULL, n => `user-${n}`),
  );
  // What localStorage took first moves to IndexedDB.
  await sleep(1000);
  await page.close();
  await context.setOffline(false);
}

const HEAD = ['evaluate', '`init`', '`identifyUser`', 'these three', 'longest task', 'all tasks'];
const sumOf = ({ evaluate, init, identify }: Load) => evaluate + init + identify;

/** The loads of each competitor, in milliseconds. */
export type Loads = Map<string, Load[]>;

/** The name under which the loads with a full outbox are found. */
export const WAITING = `${THIS.name}, ${FULL} updates waiting`;

/**
 * Measures loads in turns, so that what else the machine does falls on all; each round begins with another.
 */
export async function measureLoads(
  testSite: TestSite,
  competitors: readonly Competitor[],
  rounds: number,
): Promise<Loads> {
  const entrants = [
    ...competitors
      .filter(({ isVariant }) => !isVariant)
      .map(competitor => ({ competitor, before: undefined })),
    { competitor: { ...THIS, name: WAITING }, before: fillOutbox },
  ];
  const loads: Loads = new Map(entrants.map(({ competitor }) => [competitor.name, []]));
  for (let round = 0; round < rounds; round++)
    for (let n = 0; n < entrants.length; n++) {
      const turn = entrants[(n + round) % entrants.length];
      if (!turn) continue;
      const { competitor, before } = turn;
      const load = await measureLoad(testSite, competitor, `load-${round}-${n}`, before);
      loads.get(competitor.name)?.push(load);
    }
  return loads;
}

const milliseconds = (value: number) => `${value.toFixed(1)} ms`;

/** Median and 95th percentile of each, and who is quicker than utmost. */
export function tableOfLoads(loads: Loads): Block[] {
  const columns = (all: Load[]) => [
    all.map(({ evaluate }) => evaluate),
    all.map(({ init }) => init),
    all.map(({ identify }) => identify),
    all.map(sumOf),
    all.map(({ longest }) => longest),
    all.map(({ busy }) => busy),
  ];
  const rows = [...loads].map(([name, all]) => [
    name,
    ...columns(all).map(values => `${median(values).toFixed(1)} / ${quantile(values, 0.95).toFixed(1)}`),
  ]);
  const medians = [...loads]
    .filter(([name]) => name !== WAITING)
    .map(([name, all]) => ({ name, values: columns(all).map(median) }));
  return [
    { head: ['ms, median / p95', ...HEAD], rows },
    `Quicker than utmost: ${lessThan(HEAD, medians, milliseconds)}`,
  ];
}

/** Returns the median of all three, of one competitor. */
export const medianSum = (loads: Loads, name: string): number => median((loads.get(name) ?? []).map(sumOf));
/** Returns the median of `init`, of one competitor. */
export const medianInit = (loads: Loads, name: string): number =>
  median((loads.get(name) ?? []).map(({ init }) => init));
