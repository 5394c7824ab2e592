import { readFile } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import { readAllowList } from './allow-list.ts';
import { type Arguments, HELP, readArguments } from './arguments.ts';
import { checkLinks } from './check.ts';
import { isLink, type Link, readLinks } from './read-csv.ts';
import { summarize, toJson, toTable } from './report.ts';

/** Without faults, with some, and not run at all. */
const [OK, FAULTS, USAGE] = [0, 1, 2];

/** Reads the file of an argument, or standard input for `-`. */
async function load(file: string): Promise<Uint8Array> {
  return file === '-' ? buffer(process.stdin) : readFile(file);
}

/** Gathers the links of all arguments. */
async function collect({ targets, column }: Arguments): Promise<Link[]> {
  const links: Link[] = [];
  for (const target of targets) {
    if (isLink(target)) {
      links.push({ url: target });
      continue;
    }
    const bytes = await load(target).catch(() => {
      throw new Error(`${target} is no file, and no link: that begins with http:// or https://`);
    });
    try {
      for (const link of readLinks(bytes, column)) links.push({ ...link, file: target });
    } catch (error) {
      throw new Error(`${target} ${(error as Error).message}`);
    }
  }
  if (!links.length) throw new Error('there are no links to check');
  return links;
}

async function run(args: readonly string[]): Promise<number> {
  const read = readArguments(args);
  if (read === 'help') {
    process.stdout.write(HELP);
    return OK;
  }
  const { allow, isFollowing, isJson, ...options } = read;
  const list = allow === undefined ? undefined : readAllowList(allow, await readFile(allow, 'utf8'));
  const links = await collect(read);
  const checked = await checkLinks(links, {
    ...options,
    allow: list,
    fetch: isFollowing ? fetch : undefined,
  });
  const { isTTY = false, columns = 80 } = process.stdout;
  const isColored = isTTY && !process.env.NO_COLOR;
  process.stdout.write(isJson ? toJson(checked) : toTable(checked, { columns, isColored }));
  return summarize(checked).faults ? FAULTS : OK;
}

// The exit code alone is set, so that what is printed into a pipe arrives whole.
run(process.argv.slice(2)).then(
  code => {
    process.exitCode = code;
  },
  error => {
    process.stderr.write(`utmost: ${error.message}\nSee utmost --help.\n`);
    process.exitCode = USAGE;
  },
);
