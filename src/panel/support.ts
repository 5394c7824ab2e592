import type { Result } from './checks/checks.ts';
import type { Facts } from './facts.ts';
import type { Section } from './report.ts';

/**
 * Makes the text for support: what the checks found, hosts, rules, and which fields are set. It has no ids, no
 * addresses' paths and queries, and no values of campaigns and users.
 */
export function toSupportText(
  facts: Facts,
  results: readonly Result[],
  sections: readonly Section[],
): string {
  const lines = [
    `utmost ${facts.scriptVersion ?? facts.version} on ${facts.host}, ${facts.browser}, ${new Date(facts.now).toISOString()}`,
    '',
    'Checks',
    ...results.map(({ title, verdict, sentence }) => `  [${verdict}] ${title}: ${sentence}`),
  ];
  for (const { title, rows, empty } of sections) {
    const shared = rows.flatMap(({ label, shared }) => (shared ? `  ${label}: ${shared}` : []));
    lines.push('', title, ...(shared.length ? shared : [`  ${empty}`]));
  }
  return `${lines.join('\n')}\n`;
}
