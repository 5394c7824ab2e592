/** What stands between a pair of markers, by its name: a table in lines of its own, or a figure within one. */
export type Contents = Readonly<Record<string, () => string>>;

const MARKED = /<!-- (table|figure): (.*?) -->.*?<!-- \/\1 -->/gs;

/** A page as it should be: what is between its markers is written anew. Throws for a name that nothing is known by. */
export function fill(page: string, text: string, contents: Contents): string {
  const open = [...text.matchAll(/<!-- (?:table|figure): /g)].length;
  if ([...text.matchAll(MARKED)].length !== open) throw new Error(`${page}: a marker is not closed.`);
  return text.replace(MARKED, (_, kind: string, name: string) => {
    const content = contents[name];
    if (!content) throw new Error(`${page}: nothing is known of the ${kind} "${name}".`);
    const gap = kind === 'table' ? '\n\n' : '';
    return `<!-- ${kind}: ${name} -->${gap}${content()}${gap}<!-- /${kind} -->`;
  });
}

/** The lines that are in one of two texts alone: `-` what stands there, `+` what should. */
export function staleLines(is: string, should: string): string[] {
  const lines = (text: string) => text.split('\n');
  const missing = (from: string, to: string, sign: string) =>
    lines(from)
      .filter(line => !lines(to).includes(line))
      .map(line => `${sign} ${line}`);
  return [...missing(is, should, '-'), ...missing(should, is, '+')];
}
