/** A table in Markdown. Columns from the given one on hold numbers. */
export function table(
  head: readonly string[],
  rows: readonly (readonly (string | number)[])[],
  numbersFrom = head.length,
): string {
  const ruler = head.map((_, n) => (n < numbersFrom ? '---' : '---:'));
  const line = (cells: readonly (string | number)[]) => `| ${cells.join(' | ').replace(/ +/g, ' ')} |`;
  return [head, ruler, ...rows].map(line).join('\n');
}

/** Code in a table, where a bar would end the cell. */
export const code = (text: string): string => (text ? `\`${text.replaceAll('|', '\\|')}\`` : '');

/** The sentences of a comment. */
export const sentencesOf = (text: string): string[] => text.split(/(?<=[.!?])\s+(?=[^a-z])/).filter(Boolean);
