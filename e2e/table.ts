/** Formats a table in Markdown; all columns but the first hold numbers. */
export function table(
  head: readonly string[],
  rows: readonly (readonly (string | number | undefined)[])[],
): string {
  const ruler = ['---', ...Array(head.length - 1).fill('---:')];
  return [head, ruler, ...rows].map(cells => `| ${cells.join(' | ')} |`).join('\n');
}
