import { THIS } from './competitors.ts';
import { type Cost, costOf } from './costs.ts';
import { SITUATIONS, type Situation, titleOf, WAITING } from './entrants.ts';
import { type Block, kilobytes, milliseconds, NONE } from './report.ts';
import { longestOf } from './time.ts';

/** What the loader snippet adds to the largest contentful paint, in milliseconds, by pairs of loads. */
export interface Paint {
  mean: number;
  error: number;
}

/** Milliseconds between two frames: noise of more than that would hide what can be seen. */
const FRAME = 1000 / 60;

interface Budget {
  name: string;
  limit: number;
  value: number;
  format(value: number): string;
}

/** Finds the first client whose name begins so: of several versions, the one that utmost is tested with. */
const named = (costs: readonly Cost[], start: string) =>
  costs.find(({ name }) => name.startsWith(start))?.name ?? start;

const figureOf = (
  costs: readonly Cost[],
  name: string,
  { kind, visit }: Situation,
  key: 'task' | 'leaves' | 'longest' | 'heap',
) => costOf(costs, name, kind, visit)?.[key] ?? Number.NaN;

/** What utmost may take of what a peer takes in the same run: absolute times say more of the machine. */
function ratioTo(
  costs: readonly Cost[],
  peer: string,
  situation: Situation,
  key: 'task' | 'leaves',
  limit: number,
): Budget {
  const theirs = figureOf(costs, named(costs, peer), situation, key);
  // A machine too busy may take no longer for the peer than for a blank page.
  const value = theirs > 0 ? figureOf(costs, THIS.name, situation, key) / theirs : Number.NaN;
  const what = key === 'leaves' ? `the request leaves, ${situation.visit} visit` : titleOf(situation);
  return {
    name: `${what}, relative to ${peer}`,
    limit,
    value,
    format: value => (Number.isFinite(value) ? value.toFixed(2) : NONE),
  };
}

const isIdentifying = ({ kind }: Situation) => kind === 'identify';
const LATER = SITUATIONS.filter(({ visit }) => visit === 'later');

const budgetsOf = (costs: readonly Cost[], paint: Paint): Budget[] => [
  ...SITUATIONS.map(situation =>
    ratioTo(costs, 'moesif-browser-js', situation, 'task', isIdentifying(situation) ? 0.7 : 0.4),
  ),
  ...SITUATIONS.filter(isIdentifying).map(situation =>
    ratioTo(costs, 'hand-written snippet', situation, 'leaves', 2),
  ),
  {
    name: 'longest task',
    limit: 50,
    value: Math.max(...SITUATIONS.map(situation => figureOf(costs, THIS.name, situation, 'longest'))),
    format: longestOf,
  },
  ...LATER.map(situation => ({
    name: `what 200 waiting updates add: ${titleOf(situation)}`,
    limit: 5,
    value: figureOf(costs, WAITING.name, situation, 'task') - figureOf(costs, THIS.name, situation, 'task'),
    format: milliseconds,
  })),
  ...LATER.map(situation => ({
    name: `heap of moesif-browser-js: ${titleOf(situation)}`,
    limit: figureOf(costs, named(costs, 'moesif-browser-js'), situation, 'heap'),
    value: figureOf(costs, THIS.name, situation, 'heap'),
    format: kilobytes,
  })),
  {
    name: 'what the loader snippet adds to the largest contentful paint: two standard errors, but no frame',
    limit: Math.min(2 * paint.error, FRAME),
    value: paint.mean,
    format: milliseconds,
  },
];

/** Formats what utmost may cost a page, by the medians of one benchmark, and whether it keeps to it. */
export function tableOfBudgets(costs: readonly Cost[], paint: Paint): Block {
  const rows = budgetsOf(costs, paint).map(({ name, limit, value, format }) => [
    name,
    format(limit),
    format(value),
    value <= limit ? 'met' : 'missed',
  ]);
  return { head: ['budget', 'at most', 'measured', ''], rows };
}
