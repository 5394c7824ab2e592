import { readFile, writeFile } from 'node:fs/promises';
import { cpus, totalmem } from 'node:os';

const README = new URL('../../README.md', import.meta.url);

/** Tells when and on what a part was measured. */
export function circumstances(chromium: string): string {
  const [cpu] = cpus();
  const memory = Math.round(totalmem() / 2 ** 30);
  const day = new Date().toISOString().slice(0, 10);
  return `${day}, Chromium ${chromium}, Node ${process.versions.node}, ${cpus().length} cores of ${cpu?.model}, ${memory} GB`;
}

/** Puts a part between its markers in the README. */
export async function writePart(part: string, text: string): Promise<void> {
  const readme = await readFile(README, 'utf8');
  const [begin, end] = [`<!-- bench: ${part} -->\n`, `<!-- end of bench: ${part} -->`];
  const from = readme.indexOf(begin);
  const to = readme.indexOf(end);
  if (from < 0 || to < from) throw new Error(`The README has no place for the benchmark's part "${part}".`);
  await writeFile(README, `${readme.slice(0, from)}${begin}\n${text}\n\n${readme.slice(to)}`);
}
