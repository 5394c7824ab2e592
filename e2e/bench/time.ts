import { type Cost, costOf } from './costs.ts';
import { COUNTED } from './counts.ts';
import { BLANK, RELAYED, SITUATIONS, TITLES, titleOf, WAITING } from './entrants.ts';
import { type Block, kilobytes, milliseconds, NONE } from './report.ts';
import { lessThan } from './verdict.ts';

const COLUMNS = SITUATIONS.map(titleOf);

const namesOf = (costs: readonly Cost[]) => [...new Set(costs.map(({ name }) => name))];
/** The further rows of utmost are no peers, and the blank page is none. */
const isPeer = (name: string) => ![BLANK, RELAYED, WAITING].some(entrant => entrant.name === name);

/** The costs of one client in each of these situations. */
const rowOf = (costs: readonly Cost[], name: string, situations = SITUATIONS) =>
  situations.map(({ kind, visit }) => costOf(costs, name, kind, visit));

/** One figure of these. */
const figuresOf = (
  costs: readonly Cost[],
  name: string,
  key: 'task' | 'leaves' | 'longest' | 'heap',
  situations = SITUATIONS,
) => rowOf(costs, name, situations).map(cost => cost?.[key] ?? Number.NaN);

/** Says which peer has less than utmost, and where. */
function verdictOf(
  costs: readonly Cost[],
  columns: readonly string[],
  values: (name: string) => number[],
  format: (value: number) => string,
): string {
  const rows = namesOf(costs)
    .filter(isPeer)
    .map(name => ({ name, values: values(name) }));
  return lessThan(columns, rows, format);
}

const IDENTIFYING = SITUATIONS.filter(({ kind }) => kind === 'identify');
const LEAVES = IDENTIFYING.map(({ visit }) => `request leaves, ${visit} visit`);

/** The table of the main thread, and when the request leaves. */
export function tableOfTimes(costs: readonly Cost[]): Block[] {
  const sum = (cost?: Cost) => (cost ? `${cost.task.toFixed(1)} / ${cost.script.toFixed(1)}` : NONE);
  const leaves = (name: string) => figuresOf(costs, name, 'leaves', IDENTIFYING);
  const rows = namesOf(costs).map(name => [
    name,
    ...rowOf(costs, name).map(sum),
    ...leaves(name).map(value => (Number.isFinite(value) ? value.toFixed(0) : NONE)),
  ]);
  const verdict = verdictOf(
    costs,
    [...COLUMNS, ...LEAVES],
    name => [...figuresOf(costs, name, 'task'), ...leaves(name)],
    milliseconds,
  );
  return [
    { head: ['ms: tasks / scripts', ...COLUMNS, ...LEAVES], rows },
    `Quicker than utmost, by tasks and requests: ${verdict}`,
  ];
}

/** Formats the longest task. The browser notes none of less than 50 ms. */
export const longestOf = (value: number): string => (value === 0 ? 'none' : milliseconds(value));

const HEAPS = ['heap after a page view', 'heap after `identifyUser`'];

/** The table of the longest tasks, and of what stays in memory. */
export function tableOfTasks(costs: readonly Cost[]): Block[] {
  const later = SITUATIONS.filter(({ visit }) => visit === 'later');
  const longest = ({ long, longest, loads }: Cost) =>
    `${longestOf(longest)}${long ? `, ${long} of ${loads}` : ''}`;
  const rows = namesOf(costs).map(name => [
    name,
    ...rowOf(costs, name).map(cost => (cost ? longest(cost) : NONE)),
    ...rowOf(costs, name, later).map(cost => (cost ? kilobytes(cost.heap) : NONE)),
  ]);
  const verdicts = [
    verdictOf(costs, COLUMNS, name => figuresOf(costs, name, 'longest'), longestOf),
    verdictOf(costs, HEAPS, name => figuresOf(costs, name, 'heap', later), kilobytes),
  ];
  return [
    { head: ['longest task over 50 ms, and loads with one', ...COLUMNS, ...HEAPS], rows },
    `Shorter than that of utmost: ${verdicts[0]}`,
    `Less than utmost keeps in memory: ${verdicts[1]}`,
  ];
}

/** The tables of what pages ask the browser for: one of page views, and one of calls. */
export function tablesOfCounts(costs: readonly Cost[]): Block[] {
  return (['view', 'identify'] as const).flatMap(kind => {
    const visits = SITUATIONS.filter(situation => situation.kind === kind);
    const counted = (name: string) => rowOf(costs, name, visits).map(cost => cost?.counts);
    const rows = namesOf(costs)
      .filter(name => name !== BLANK.name && counted(name).some(Boolean))
      .map(name => [
        name,
        ...COUNTED.map(what =>
          counted(name)
            .map(counts => counts?.[what] ?? NONE)
            .join(' / '),
        ),
      ]);
    const verdict = verdictOf(
      costs,
      COUNTED,
      name => COUNTED.map(what => counted(name)[1]?.[what] ?? Number.NaN),
      String,
    );
    return [
      { head: [`${TITLES[kind]}: first / later visit`, ...COUNTED], rows },
      `Fewer than utmost on a later visit: ${verdict}`,
    ];
  });
}
