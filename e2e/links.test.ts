import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { freePort } from '../test/free-port.ts';
import { type LinksSite, openLinksSite } from './links-site.ts';
import { createProject } from './packed.ts';

const CLI = fileURLToPath(new URL('../dist/cli.js', import.meta.url));
const TAGS = 'utm_source=news&utm_medium=email';

let site: LinksSite;
let folder: string;
beforeAll(async () => {
  site = await openLinksSite();
  folder = mkdtempSync(join(tmpdir(), 'utmost-links-'));
});
afterAll(async () => {
  await site.close();
  rmSync(folder, { recursive: true });
});

/** Runs the command as a process. */
function run(args: readonly string[], input = '', env: NodeJS.ProcessEnv = {}) {
  return new Promise<{ code: number; stdout: string; stderr: string }>(resolve => {
    const options = { cwd: folder, env: { ...process.env, ...env }, timeout: 30_000 };
    const child = execFile(process.execPath, [CLI, ...args], options, (error, stdout, stderr) =>
      resolve({ code: error ? Number(error.code) : 0, stdout, stderr }),
    );
    child.stdin?.end(input);
  });
}

/** Checks links as a program does. Those that begin with a slash are of the server. */
async function check(links: readonly string[], ...options: string[]) {
  const urls = links.map(link => (link.startsWith('/') ? site.url(link) : link));
  const { code, stdout } = await run(['check', '--json', ...options, ...urls]);
  const report = JSON.parse(stdout);
  const faults: string[][] = report.links.map((link: { faults: Record<string, string>[] }) =>
    link.faults.map(({ code, key = '', hop }) => `${code} ${key} ${hop}`.replace('  ', ' ')),
  );
  return { code, report, faults };
}

test.each([
  [`/page?${TAGS}`, 0],
  [`/passes?${TAGS}`, 1],
  [`/passes-relative?${TAGS}`, 1],
  [`/passes-308?gclid=a`, 1],
  ['/short', 1],
  ['/meta', 1],
  [`/header?${TAGS}`, 1],
  [`/unicode?${TAGS}`, 1],
])('%s is right', async (link, redirects) => {
  const { code, faults, report } = await check([link]);
  expect([code, faults]).toEqual([0, [[]]]);
  expect(report.links[0].hops).toHaveLength(redirects + 1);
  expect(report.links[0].credit.rule).toBe('campaign');
});

test('the header of a redirect is read as browsers read it, and the fragment is carried over', async () => {
  const { report } = await check([`/unicode?${TAGS}#top`, `/passes-308?${TAGS}#end`]);
  expect(report.links.map((link: { hops: { url: string }[] }) => link.hops[1]?.url)).toEqual([
    site.url(`/page?${TAGS}&utm_term=caf%C3%A9#top`),
    site.url(`/page?${TAGS}#top`),
  ]);
});

/** Each fault by two links at least. */
const FAULTS: Record<string, [link: string, faults: string[]][]> = {
  lost: [
    [`/loses?${TAGS}`, ['lost utm_source 0', 'lost utm_medium 0', 'no-campaign 1']],
    [`/passes?${TAGS}&gclid=a`, []],
    [`/loses-gclid?gclid=a&${TAGS}`, ['lost gclid 0']],
    ['/then-loses?gclid=a', ['lost gclid 1', 'no-campaign 2']],
    [`/meta-loses?gclid=a`, ['lost gclid 0', 'no-campaign 1']],
  ],
  changed: [
    ['/lowers?gclid=aB', ['changed gclid 0']],
    [`/replaces?${TAGS}`, ['changed utm_source 0']],
  ],
  loop: [
    [`/loop?${TAGS}`, ['loop 1']],
    [`/loop-a?${TAGS}`, ['loop 2']],
  ],
  'too many redirects': [
    [`/count?n=0&${TAGS}`, ['too-many-redirects 4']],
    [`/count?n=7&gclid=a`, ['too-many-redirects 4']],
  ],
  timeout: [
    [`/never?${TAGS}`, ['timeout 0']],
    [`/slow-page?${TAGS}`, ['timeout 0']],
  ],
  unreachable: [
    [`/resets?${TAGS}`, ['unreachable 0']],
    [`/nowhere`, ['unreachable 0']],
  ],
  'http error': [
    [`/error?${TAGS}`, ['http-error 0']],
    [`/missing?${TAGS}`, ['http-error 0']],
  ],
  'misspelt key': [
    ['/page?utm_souce=a&utm_medium=b', ['misspelt-key utm_souce 0']],
    ['/passes?UTM_Source=a&utm-medium=b', ['misspelt-key UTM_Source 0', 'misspelt-key utm-medium 0']],
  ],
  'second question mark': [
    [`/page?${TAGS}?gclid=a`, ['second-question-mark 0']],
    [`/page?${TAGS}?fbclid=a`, ['second-question-mark 0']],
  ],
  repeated: [
    [`/page?${TAGS}&utm_source=b`, ['repeated utm_source 0']],
    ['/page?gclid=a&gclid=b', ['repeated gclid 0']],
  ],
  'in the fragment': [
    [`/page#${TAGS}`, ['in-fragment 0']],
    [`/page#/route?${TAGS}`, ['in-fragment 0']],
  ],
  'missing key': [
    ['/page?utm_medium=a', ['missing-key utm_source 0']],
    ['/page?utm_campaign=a', ['missing-key utm_source 0', 'missing-key utm_medium 0']],
  ],
  empty: [
    [`/page?${TAGS}&utm_term=`, ['empty utm_term 0']],
    ['/page?gclid=', ['empty gclid 0', 'no-campaign 0']],
  ],
  placeholder: [
    [`/page?${TAGS}&utm_campaign={{campaign.name}}`, ['placeholder utm_campaign 0']],
    [`/page?${TAGS}&utm_term={keyword}&utm_id=[UTM]`, ['placeholder utm_term 0', 'placeholder utm_id 0']],
  ],
  'double encoding': [
    [`/page?${TAGS}&utm_campaign=a%2520b`, ['double-encoded utm_campaign 0']],
    [`/page?${TAGS}&utm_term=%25C3%25BC`, ['double-encoded utm_term 0']],
  ],
  'personal data': [
    [`/page?${TAGS}&utm_term=jo@x.example`, ['email utm_term 0']],
    [`/page?${TAGS}&to=jo%40x.example`, ['email to 0']],
    [`/page?${TAGS}&utm_term=eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMiJ9.abc`, ['token utm_term 0']],
  ],
  'other values': [
    [`/page?${TAGS}&utm_term=${'x'.repeat(513)}`, ['too-long utm_term 0']],
    [`/page?${TAGS}&utm_term=%20a`, ['blanks utm_term 0']],
    [`/page?${TAGS}&utm_term=a%0Ab`, ['control-characters utm_term 0']],
  ],
  'no campaign': [
    ['/page', ['no-campaign 0']],
    ['/passes?q=shoes', ['no-campaign 1']],
  ],
};

describe.each(Object.entries(FAULTS))('%s', (_, links) => {
  test('is told at its hop', async () => {
    const { code, faults } = await check(
      links.map(([link]) => link),
      ...['--timeout', '1.5', '--max-redirects', '3'],
    );
    expect(faults).toEqual(links.map(([, faults]) => faults));
    expect(code).toBe(1);
  });
});

test('notes are told and are no failure', async () => {
  const { code, faults } = await check([
    `/script?${TAGS}`,
    `/script-href?${TAGS}`,
    `/app?q=1`,
    '/intent',
    '/page?utm_source=a',
  ]);
  expect(faults).toEqual([
    ['script-redirect 0'],
    ['script-redirect 0'],
    ['other-scheme 1', 'missing-key utm_medium 1'].sort(),
    ['other-scheme 1'],
    ['missing-key utm_medium 0'],
  ]);
  expect(code).toBe(0);
});

test('a host that nobody answers at is told by its reason', async () => {
  const { code, report } = await check([`http://127.0.0.1:${await freePort()}/?${TAGS}`, `/resets?${TAGS}`]);
  const [refused, reset] = report.links.map(
    (link: { faults: { message: string }[] }) => link.faults[0]?.message,
  );
  expect(refused).toMatch(/ECONNREFUSED/);
  expect(reset).toMatch(/UND_ERR_SOCKET|ECONNRESET/);
  expect(code).toBe(1);
});

test('a file is checked as a whole, and an address that stands in it twice is opened once', async () => {
  site.requests.length = 0;
  const rows = ['News', 'news', 'news'].map(
    source => `"${source}";${site.url('/page')}?utm_source=${source}&utm_medium=email`,
  );
  writeFileSync(
    join(folder, 'links.csv'),
    `\uFEFFName;Final URL\r\n${rows.join('\r\n')}\r\nBad;www.shop.example\r\n`,
  );
  writeFileSync(join(folder, 'utm.json'), '{ "utm_medium": ["cpc", "e-mail"], "utm_source": ["n*", "N*"] }');
  const { code, report, faults } = await check(['links.csv'], '--allow', 'utm.json');
  expect(faults).toEqual([
    ['not-allowed utm_medium 0', 'mixed-spelling utm_source 0'],
    ['not-allowed utm_medium 0'],
    ['not-allowed utm_medium 0'],
    ['invalid-url 0'],
  ]);
  expect(report.links.map(({ file, line }: Record<string, unknown>) => [file, line])).toEqual(
    [2, 3, 4, 5].map(line => ['links.csv', line]),
  );
  expect(report.summary).toEqual({ links: 4, faulty: 4, faults: 5, notes: 0 });
  expect(site.requests).toHaveLength(2);
  expect(code).toBe(1);
});

test('with --no-follow nothing is opened', async () => {
  site.requests.length = 0;
  expect((await check([`/loses?${TAGS}`, '/error?gclid=a'], '--no-follow')).code).toBe(0);
  expect(site.requests).toEqual([]);
});

test('the table tells the same in 80 columns, without colour where it goes into a pipe', async () => {
  const { code, stdout } = await run(['check', '-'], `URL\n${site.url(`/then-loses?${TAGS}`)}\n`, {
    FORCE_COLOR: '1',
  });
  expect(code).toBe(1);
  for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
  expect(stdout).not.toContain('\u001B');
  expect(stdout).toMatch(/│ lost +│ utm_source is lost at hop 2 \(127\.0\.0\.1:\d+\)/);
  expect(stdout).toMatch(/│ hop 3 \(302\) +│ http:\/\/127\.0\.0\.1:\d+\/page +│/);
  expect(stdout).toMatch(/1 link, 1 with faults: 3 faults, 0 notes\.\n$/);
});

test.each([
  [[], 'nothing is no command'],
  [['tidy'], 'tidy is no command'],
  [['check'], 'nothing to check'],
  [['check', 'missing.csv'], 'missing.csv is no file, and no link'],
  [['check', 'www.shop.example'], 'www.shop.example is no file, and no link'],
  [['check', '--timeout', 'soon', 'https://a.example'], '--timeout has to be a number'],
  [['check', '--timeout', '0', 'https://a.example'], '--timeout has to be a number'],
  [['check', '--max-redirects', '-1', 'https://a.example'], '--max-redirects'],
  [['check', '--max-redirects', 'x', 'https://a.example'], '--max-redirects has to be a whole number'],
  [['check', '--wrong', 'https://a.example'], '--wrong'],
  [['check', '--allow', 'missing.json', 'https://a.example'], 'missing.json'],
  [['check', '--allow', CLI, 'https://a.example'], 'is no JSON'],
])('%j is no usage', async (args, sentence) => {
  const { code, stdout, stderr } = await run(args);
  expect([code, stdout]).toEqual([2, '']);
  expect(stderr).toContain(sentence);
});

test('--help says all options', async () => {
  const { code, stdout } = await run(['--help']);
  expect(code).toBe(0);
  for (const option of ['--allow', '--column', '--no-follow', '--timeout', '--max-redirects', '--json'])
    expect(stdout).toContain(option);
});

test('npx runs it out of the package as it is published, which installs nothing for it', () => {
  const project = createProject();
  try {
    const options = { cwd: project.folder, encoding: 'utf8' } as const;
    // Links the command, as an installation does.
    execFileSync('npm', ['rebuild', '--offline', '--ignore-scripts'], options);
    const link = `https://a.example/?${TAGS}`;
    const printed = execFileSync('npx', ['--no-install', 'utmost', 'check', '--no-follow', link], options);
    expect(printed).toContain('utm_source=news, utm_medium=email (rule campaign)');
  } finally {
    project.remove();
  }
});
