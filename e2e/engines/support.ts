import { ENGINES } from './engines.ts';
import { SCENARIOS } from './scenarios.ts';

/** Formats which scenarios hold in which engine, as the README tells it. */
export function supportTable(): string {
  const reasons = [...new Set(SCENARIOS.flatMap(({ except = {} }) => Object.values(except)))];
  const rows = SCENARIOS.map(({ name, except = {} }) => [
    name,
    ...ENGINES.map(engine => {
      const reason = except[engine.name];
      return reason ? `no (${reasons.indexOf(reason) + 1})` : 'yes';
    }),
  ]);
  const head = ['scenario', ...ENGINES.map(({ name }) => name)];
  const table = [head, head.map(() => '---'), ...rows].map(cells => `| ${cells.join(' | ')} |`).join('\n');
  return `${table}\n\n${reasons.map((reason, n) => `(${n + 1}) ${reason}.`).join(' ')}`;
}
