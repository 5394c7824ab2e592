import { parseArgs } from 'node:util';

/** What the command is told. */
export interface Arguments {
  /** Links, files, and `-` for standard input. */
  targets: string[];
  /** Path of the allow-list. */
  allow?: string | undefined;
  column?: string | undefined;
  /** In milliseconds. */
  timeout: number;
  maxRedirects: number;
  isFollowing: boolean;
  isJson: boolean;
}

export const HELP = `Checks campaign links: their tags, where redirects lose them, and what is credited.

Usage: utmost check [options] <url | file.csv | -> ...

  --allow <file>        JSON of the values that parameters may have:
                        { "utm_medium": ["cpc", "email"], "utm_campaign": ["spring-*"] }
  --column <header>     the column of the CSV files that has the links (default: it is found)
  --no-follow           open nothing; judge the links as they are written
  --timeout <seconds>   for each address (default: 10)
  --max-redirects <n>   for each link (default: 20)
  --json                for programs
  --help                this text

Every link that it is given is opened from this machine, and every redirect of it followed.
Exit code: 0 without faults, 1 with faults, 2 if it could not run. Notes are no faults.
`;

/**
 * Reads the command line.
 *
 * @throws Error with a sentence that tells the fix.
 */
export function readArguments(args: readonly string[]): Arguments | 'help' {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      allow: { type: 'string' },
      column: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
      json: { type: 'boolean' },
      'max-redirects': { type: 'string', default: '20' },
      'no-follow': { type: 'boolean' },
      timeout: { type: 'string', default: '10' },
    },
  });
  if (values.help) return 'help';
  const [command, ...targets] = positionals;
  if (command !== 'check')
    throw new Error(`${command ?? 'nothing'} is no command; there is utmost check <url>`);
  if (!targets.length) throw new Error('there is nothing to check; give a link or a CSV file');
  const timeout = Number(values.timeout);
  if (!(timeout > 0 && timeout <= 3600))
    throw new Error('--timeout has to be a number of seconds, such as 10');
  if (!/^\d{1,3}$/.test(values['max-redirects']))
    throw new Error('--max-redirects has to be a whole number, such as 20');
  return {
    targets,
    allow: values.allow,
    column: values.column,
    timeout: timeout * 1000,
    maxRedirects: Number(values['max-redirects']),
    isFollowing: !values['no-follow'],
    isJson: !!values.json,
  };
}
