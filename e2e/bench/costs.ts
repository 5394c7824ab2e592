import type { Counts } from './counts.ts';
import type { Situation } from './entrants.ts';
import type { Measured } from './rounds.ts';
import { median } from './samples.ts';

/** What one client costs in one situation, by the medians of its loads. */
export interface Cost {
  name: string;
  situation: Situation;
  /** Milliseconds over those of a blank page; of the blank page, its own. */
  task: number;
  script: number;
  /** Milliseconds from the calls to the arrival of the update's request; infinite if none comes within a second. */
  leaves: number;
  /** Milliseconds of the longest task; 0 if less than 50. */
  longest: number;
  /** How many of how many loads had a task of 50 ms or more. */
  long: number;
  loads: number;
  /** Bytes of JavaScript objects over those of a blank page; of the blank page, its own. */
  heap: number;
  counts: Counts;
}

/** The costs of all entrants in all their situations. */
export function costsOf(measured: readonly Measured[]): Cost[] {
  // What a blank page does not do it does on every kind of page.
  const blank = (visit: Situation['visit'], key: 'task' | 'script' | 'heap') =>
    median(
      measured
        .filter(({ entrant, situation }) => !entrant.competitor && situation.visit === visit)
        .flatMap(({ loads }) => loads.map(load => load[key])),
    );
  return measured.map(({ entrant, situation, loads, counts }) => {
    const over = (key: 'task' | 'script' | 'heap') =>
      median(loads.map(load => load[key])) - (entrant.competitor ? blank(situation.visit, key) : 0);
    return {
      name: entrant.name,
      situation,
      task: over('task'),
      script: over('script'),
      leaves: median(loads.map(({ leaves }) => leaves)),
      longest: median(loads.map(({ longest }) => longest)),
      long: loads.filter(({ longest }) => longest).length,
      loads: loads.length,
      heap: over('heap'),
      counts,
    };
  });
}

/** Finds the cost of one client in one situation. */
export const costOf = (
  costs: readonly Cost[],
  name: string,
  kind: Situation['kind'],
  visit: Situation['visit'],
): Cost | undefined =>
  costs.find(cost => cost.name === name && cost.situation.kind === kind && cost.situation.visit === visit);
