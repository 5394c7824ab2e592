import type { Facts } from '../facts.ts';

/** `ok`; `look`: somebody should look whether it is meant; `fault`: something does not work. */
export type Verdict = 'ok' | 'look' | 'fault';

/** The result of a check: the verdict, and a sentence that tells what was found, and the fix. */
export type Finding = readonly [verdict: Verdict, sentence: string];

/**
 * One check: its title, and what it finds. A sentence may name hosts, options and rules, and nothing of the visitor:
 * it goes into the text for support.
 */
export interface Check {
  title: string;
  find(facts: Facts): Finding;
}
