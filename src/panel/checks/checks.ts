import type { Facts } from '../facts.ts';
import type { Check, Verdict } from './check.ts';
import { answersAsApi, clock, policy, reachable } from './network.ts';
import { applicationId, copies, version } from './set-up.ts';
import { consent, cookie, embedding, ownPages } from './visitor.ts';

/** All checks, in the order in which they are shown. */
const CHECKS: readonly Check[] = [
  applicationId,
  consent,
  cookie,
  embedding,
  reachable,
  answersAsApi,
  policy,
  copies,
  ownPages,
  clock,
  version,
];

/** What one check has found. */
export interface Result {
  title: string;
  verdict: Verdict;
  sentence: string;
}

/** Runs all checks. */
export const runChecks = (facts: Facts): Result[] =>
  CHECKS.map(({ title, find }) => {
    const [verdict, sentence] = find(facts);
    return { title, verdict, sentence };
  });
