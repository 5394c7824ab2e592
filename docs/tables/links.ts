import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { reasonsTable } from './functions.ts';

/** The files and sites of the example in docs/links.md. */
const CSV = `Name;Link
Newsletter;https://go.example/spring
Partner;https://shop.example/?utm_souce=partner&utm_medium=referral
Search;https://shop.example/?utm_source=google&utm_medium=cpc&utm_term={keyword}
`;
const ROUTES = {
  'https://go.example/spring':
    'http://shop.example/spring?utm_source=Newsletter&utm_medium=email&utm_campaign=spring',
  'http://shop.example/spring?utm_source=Newsletter&utm_medium=email&utm_campaign=spring':
    'https://shop.example/en/spring',
};

/** Replaces the network by the example's sites. Every other address is a page. */
const NETWORK = `
  const routes = ${JSON.stringify(ROUTES)};
  globalThis.fetch = async url => routes[url]
    ? new Response(null, { status: 301, headers: { location: routes[url] } })
    : new Response('<h1>Shop</h1>', { headers: { 'content-type': 'text/html' } });
`;

/** Runs the built command where the example's file is, and returns what it prints. */
function run(...args: string[]): string {
  const cwd = mkdtempSync(join(tmpdir(), 'utmost-links-'));
  writeFileSync(join(cwd, 'links.csv'), CSV);
  const network = `data:text/javascript,${encodeURIComponent(NETWORK)}`;
  const cli = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));
  const { stdout, stderr } = spawnSync(process.execPath, ['--import', network, cli, ...args], {
    cwd,
    encoding: 'utf8',
  });
  rmSync(cwd, { recursive: true });
  if (!stdout) throw new Error(`dist/cli.js printed nothing; npx rollup -c builds it. ${stderr}`);
  return `\`\`\`\n$ npx utmost ${args.join(' ')}\n${stdout.trimEnd()}\n\`\`\``;
}

/** The report of the example. */
export const checkFence = (): string => run('check', 'links.csv');

/** The command's own help. */
export const checkHelpFence = (): string => run('--help');

/** What can be wrong with a link. */
export const faultsTable = (): string => reasonsTable('FaultCode').replace('| reason |', '| fault |');
