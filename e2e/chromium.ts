import { execFileSync, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readlink, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Browser, type BrowserContext, chromium } from 'playwright';
import { endGroup, findProgram } from './programs.ts';

/** The flags of a browser under test: nothing it does by itself goes to the network. */
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** Finds the Chromium to test with: `CHROMIUM_PATH`, the system's, or the one that Playwright downloaded. */
const findChromium = () => findProgram(process.env.CHROMIUM_PATH, ...NAMES, chromium.executablePath());

function run(program: string, ...rest: string[]): void {
  console.log(`> ${program} ${rest.join(' ')}`);
  execFileSync(program, rest, { stdio: ['ignore', 'inherit', 'inherit'] });
}

/**
 * Returns the Chromium to test with. Where there is none, installs one in the way the machine allows, and
 * says so.
 */
export function ensureChromium(): string {
  const found = findChromium();
  if (found) return found;
  console.log('No Chromium was found: installing one for the end-to-end tests.');
  if (process.getuid?.() === 0 && existsSync('/etc/debian_version')) {
    run('apt-get', 'update', '-qq');
    run('apt-get', 'install', '-y', '-qq', 'chromium');
  } else run('npx', 'playwright', 'install', 'chromium');
  const installed = findChromium();
  if (!installed) throw new Error('No Chromium could be installed. Set CHROMIUM_PATH to one.');
  return installed;
}

/**
 * The rule for host names. Those below .test and .localhost lead to this machine, so that there are
 * subdomains and foreign sites. All others but this machine's lead nowhere, so that no request of a page
 * leaves it.
 */
const HOSTS =
  '--host-resolver-rules=MAP *.test 127.0.0.1, MAP *.localhost 127.0.0.1, EXCLUDE localhost, EXCLUDE 127.0.0.1, MAP * ~NOTFOUND';

const launch = (executablePath: string) => chromium.launch({ executablePath, args: [...FLAGS, HOSTS] });

/** Launches a browser whose contexts each begin without cookies and storage. */
export const launchChromium = (): Promise<Browser> => launch(ensureChromium());

/**
 * Launches Chromium's headless shell, or Chromium where there is none. It is the same engine without tabs, windows
 * and settings, so that a page costs a quarter of the time. It is for tests of what happens within pages: what a tab's
 * end, a cookie setting or a cache of pages does, a whole browser alone tells. `CHROMIUM_PATH` is that browser for all tests.
 */
export const launchShell = (): Promise<Browser> =>
  launch((!process.env.CHROMIUM_PATH && findProgram('chromium-headless-shell')) || ensureChromium());

/** Launches a browser on a profile of its own, which outlives it. */
export function launchProfile(folder: string): Promise<BrowserContext> {
  return chromium.launchPersistentContext(folder, {
    executablePath: ensureChromium(),
    args: [...FLAGS, HOSTS],
  });
}

/**
 * Ends the browser on that profile as a power cut would: no code of its own runs any more. `lock` is the link
 * in the profile that ends in the id of the browser's process; Firefox has another name for it.
 */
export async function killProfile(
  context: BrowserContext,
  folder: string,
  lock = 'SingletonLock',
): Promise<void> {
  const gone = new Promise(resolve => context.once('close', resolve));
  const [id] = (await readlink(join(folder, lock))).match(/\d+$/) ?? [];
  // Its own group, since a browser is several processes.
  process.kill(-Number(id), 'SIGKILL');
  await gone;
}

/**
 * Opens the system browser on one page, with no driver, and returns how to end it. A driven browser neither
 * prerenders nor keeps a page in its back/forward cache.
 */
export async function openSystemBrowser(url: string): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'utmost-chromium-'));
  const flags = ['--headless=new', `--user-data-dir=${folder}`, HOSTS, ...FLAGS];
  const browser = spawn(ensureChromium(), [...flags, url], { stdio: 'ignore', detached: true });
  return async () => {
    await endGroup(browser);
    await rm(folder, { recursive: true, maxRetries: 5 });
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) console.log(`Chromium: ${ensureChromium()}`);
