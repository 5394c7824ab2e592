import { CALL_DIFFERENCES } from '../../e2e/conformance/capture-differences.ts';
import { table } from './markdown.ts';

/** Names the calls of a pattern: `*` stands for all of a kind. */
const callsOf = (pattern: string): string =>
  pattern === '*' ? 'all' : pattern.replace(/^\*: /, '').replace(/: \*$/, ', all');

/** The table of what differs from moesif-browser-js, a row a rule, and the calls that show it. */
export function callDifferencesTable(): string {
  const rules = new Map<string, Set<string>>();
  for (const { reason, visit } of CALL_DIFFERENCES)
    rules.set(reason, (rules.get(reason) ?? new Set()).add(callsOf(visit)));
  const rows = [...rules].map(([reason, calls]) => [reason, [...calls].join('; ')]);
  return table(['rule', 'calls that show it'], rows);
}
