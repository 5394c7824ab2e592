import { type Competitor, THIS } from './competitors.ts';
import type { Block } from './report.ts';
import { type Loads, medianInit, medianSum, WAITING } from './time.ts';

/** Milliseconds between two frames. Less cannot be seen. */
const FRAME = 1000 / 60;

interface Budget {
  name: string;
  limit: number;
  value: number;
}

/** Formats what utmost may cost a page, by the medians of one benchmark, and whether it keeps to it. */
export function tableOfBudgets(
  loads: Loads,
  paint: { with: number; without: number },
  competitors: readonly Competitor[],
): Block {
  const own = medianSum(loads, THIS.name);
  const named = (start: string) => competitors.find(({ name }) => name.startsWith(start))?.name ?? start;
  const budgets: Budget[] = [
    {
      name: 'evaluate, `init` and `identifyUser`: half of moesif-browser-js',
      limit: medianSum(loads, named('moesif-browser-js')) / 2,
      value: own,
    },
    {
      name: 'the same: 1.5 times the hand-written snippet',
      limit: medianSum(loads, named('hand-written')) * 1.5,
      value: own,
    },
    { name: '`init`', limit: 5, value: medianInit(loads, THIS.name) },
    { name: 'what 200 waiting updates add to these', limit: 5, value: medianSum(loads, WAITING) - own },
    {
      name: 'what the loader snippet adds to the largest contentful paint: less than a frame',
      limit: FRAME,
      value: paint.with - paint.without,
    },
  ];
  const rows = budgets.map(({ name, limit, value }) => [
    name,
    `${limit.toFixed(1)} ms`,
    `${value.toFixed(1)} ms`,
    value <= limit ? 'met' : 'missed',
  ]);
  return { head: ['budget', 'at most', 'measured', ''], rows };
}
