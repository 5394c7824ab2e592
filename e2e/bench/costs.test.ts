import { expect, test } from 'vitest';
import { tableOfBudgets } from './budgets.ts';
import { BASELINE, THIS } from './competitors.ts';
import { type Cost, costOf, costsOf } from './costs.ts';
import type { Counts } from './counts.ts';
import { BLANK, SITUATIONS, WAITING } from './entrants.ts';
import { tableOfTasks, tableOfTimes, tablesOfCounts } from './time.ts';

const counts: Counts = {
  'cookie reads': 1,
  'cookie writes': 1,
  'storage reads': 3,
  'storage writes': 0,
  databases: 0,
  locks: 0,
  requests: 1,
  timers: 2,
};
const cost = { task: 40, script: 20, leaves: 20, longest: 0, long: 0, loads: 12, heap: 1e5, counts };
const costs = (name: string, more: Partial<Cost> = {}): Cost[] =>
  SITUATIONS.map(situation => ({ name, situation, ...cost, ...more }));
const all = [
  ...costs(BLANK.name, { task: 1, longest: 60, heap: 1 }),
  ...costs(THIS.name),
  ...costs('moesif-browser-js 1', { task: 100 }),
  ...costs('hand-written snippet', { task: 10, leaves: 10, counts: { ...counts, requests: 0 } }),
  ...costs(WAITING.name, { task: 45 }),
];

test('a cost is the median of the loads over that of all loads of a blank page by such a visitor', () => {
  const load = { task: 0, script: 1, leaves: Number.POSITIVE_INFINITY, longest: 0, heap: 10 };
  const loadsOf = (...tasks: number[]) => tasks.map(task => ({ ...load, task }));
  const [first, later] = [SITUATIONS[0], SITUATIONS[1]];
  const identify = SITUATIONS[2];
  if (!first || !later || !identify) throw new Error('There are four situations.');
  const own = { name: 'own', competitor: BASELINE };
  const measured = costsOf([
    { entrant: BLANK, situation: first, loads: loadsOf(100, 104), counts },
    { entrant: BLANK, situation: identify, loads: loadsOf(102), counts },
    { entrant: BLANK, situation: later, loads: loadsOf(50), counts },
    {
      entrant: own,
      situation: first,
      loads: [...loadsOf(110, 130), { ...load, task: 120, longest: 60, heap: 30 }],
      counts,
    },
    { entrant: own, situation: later, loads: loadsOf(120), counts },
  ]);
  expect(measured.map(({ task }) => task)).toEqual([100, 102, 50, 120 - 102, 120 - 50]);
  expect(costOf(measured, 'own', 'view', 'first')).toMatchObject({ longest: 0, long: 1, loads: 3, heap: 0 });
});

const verdicts = (table: ReturnType<typeof tableOfBudgets>) =>
  typeof table === 'string' ? [] : table.rows.map(row => row[3]);
const BUDGETS = 12;

test('budgets are met at their limits, and missed over them', () => {
  expect(verdicts(tableOfBudgets(all, { mean: 10, error: 5 }))).toEqual(Array(BUDGETS).fill('met'));
  const over = {
    [THIS.name]: { task: 71, leaves: 21, longest: 51, heap: 1.1e5 },
    [WAITING.name]: { task: 77 },
  };
  const worse = all.map(cost => ({ ...cost, ...over[cost.name] }));
  expect(verdicts(tableOfBudgets(worse, { mean: 11, error: 5 }))).toEqual(Array(BUDGETS).fill('missed'));
});

test('a paint that is measured too badly to see a frame does not meet its budget', () => {
  expect(verdicts(tableOfBudgets(all, { mean: 20, error: 15 })).at(-1)).toBe('missed');
});

test('a budget that nothing was measured for is missed', () => {
  const unmeasured = tableOfBudgets([], { mean: Number.NaN, error: Number.NaN });
  expect(verdicts(unmeasured)).toEqual(Array(BUDGETS).fill('missed'));
  const noise = all.map(cost => (cost.name.startsWith('moesif') ? { ...cost, task: -3 } : cost));
  expect(verdicts(tableOfBudgets(noise, { mean: 0, error: 5 })).slice(0, 4)).toEqual(Array(4).fill('missed'));
});

test('the tables say where a peer wins, and take neither the blank page nor a row of utmost for one', () => {
  const [, times] = tableOfTimes(all);
  expect(times).toMatch(
    /^Quicker than utmost, by tasks and requests: in page view, first visit \(40\.0 ms\), hand-written/,
  );
  expect(times).not.toMatch(/blank|waiting|moesif/);
  expect(tableOfTasks(all).slice(1)).toEqual([
    'Shorter than that of utmost: none.',
    'Less than utmost keeps in memory: none.',
  ]);
  expect(tablesOfCounts(all)[1]).toBe(
    'Fewer than utmost on a later visit: in requests (1), hand-written snippet (0).',
  );
});
