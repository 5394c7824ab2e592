import { type Block, readParts } from '../../e2e/bench/report.ts';
import { table } from './markdown.ts';

/** Paragraphs and tables, whose columns but the first hold numbers. */
export const textOf = (blocks: readonly Block[]): string =>
  blocks.map(block => (typeof block === 'string' ? block : table(block.head, block.rows, 1))).join('\n\n');

/** A part of the benchmark as it was measured last, and when and on what. */
export function benchPart(name: string): string {
  const part = readParts()[name];
  if (!part) throw new Error(`e2e/bench/results.json has no part "${name}".`);
  return `${textOf(part.blocks)}\n\nMeasured on ${part.on}.`;
}

/** How much of what is said before a redirect in the same task arrives by a client. */
export function redirectsFigure(client: string): string {
  const [table] = (readParts().delivery?.blocks ?? []).filter(block => typeof block !== 'string');
  const column = table?.head.indexOf('redirect, same origin') ?? -1;
  const cell = table?.rows.find(([name]) => `${name}`.startsWith(client))?.[column];
  if (!cell) throw new Error(`e2e/bench/results.json tells no redirects of ${client}.`);
  return `${cell}`;
}
