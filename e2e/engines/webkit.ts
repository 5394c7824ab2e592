import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../../test/free-port.ts';
import { endGroup, findProgram, hasEnded } from '../programs.ts';
import type { Browser, Engine, Tab } from './engine.ts';

const DRIVER = 'WebKitWebDriver';

/** MiniBrowser's own settings; those of storage leave cookies alone. */
const BLOCKED = [
  '--cookies-policy=never',
  '--enable-html5-local-storage=false',
  '--enable-html5-database=false',
];

/**
 * Milliseconds until a WebKit that does not answer is given up: it must not hold up those who wait for it.
 */
const PATIENCE = 15_000;

async function startDisplay(): Promise<{ display: string; server: ChildProcess }> {
  const server = spawn('Xvfb', ['-displayfd', '3', '-nolisten', 'tcp'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
    detached: true,
  });
  const [number] = await once(createInterface(server.stdio[3] as Readable), 'line');
  return { display: `:${number}`, server };
}

/** Sends commands of https://www.w3.org/TR/webdriver2/ and returns what they answer. */
const commandsTo =
  (url: string, patience = PATIENCE) =>
  async (method: string, path: string, body?: object) => {
    const signal = AbortSignal.timeout(patience);
    const response = await fetch(url + path, { method, signal, ...(body && { body: JSON.stringify(body) }) });
    const { value } = (await response.json()) as { value: Record<string, unknown> };
    if (!response.ok) throw new Error(`${method} ${path}: ${value.error} ${value.message}`);
    return value;
  };

/** @throws Error - Of a driver that does not answer, as one whose port another program has taken in between. */
async function startDriver(display: string): Promise<{ driverUrl: string; driver: ChildProcess }> {
  const port = await freePort();
  const driver = spawn(DRIVER, [`--port=${port}`], {
    stdio: 'ignore',
    detached: true,
    env: { ...process.env, DISPLAY: display },
  });
  const driverUrl = `http://127.0.0.1:${port}`;
  const isReady = () =>
    commandsTo(driverUrl)('GET', '/status').then(
      () => true,
      () => false,
    );
  for (const until = Date.now() + PATIENCE; !(await isReady()); await sleep(25)) {
    if (!hasEnded(driver) && Date.now() < until) continue;
    await endGroup(driver);
    throw new Error(`${DRIVER} does not answer`);
  }
  return { driverUrl, driver };
}

async function start({ keeping, port, patience }: Parameters<Engine['launch']>[0]): Promise<Browser> {
  const { display, server } = await startDisplay();
  const { driverUrl, driver } = await startDriver(display).catch(() => startDriver(display));
  const end = async () => {
    await endGroup(driver);
    await endGroup(server);
  };
  const proxy = { proxyType: 'manual', httpProxy: `127.0.0.1:${port}`, noProxy: ['127.0.0.1'] };
  const args = ['--automation', ...(keeping === 'blocked' ? BLOCKED : [])];
  const capabilities = { alwaysMatch: { proxy, 'webkitgtk:browserOptions': { args } } };
  const begin = async () => {
    const { sessionId } = await commandsTo(driverUrl, patience)('POST', '/session', { capabilities });
    const session = `${driverUrl}/session/${sessionId}`;
    // It stays: a browser ends with its last window. A first start may take its time here as well.
    return { session, first: await commandsTo(session, patience)('GET', '/window') };
  };
  const { session, first } = await begin().catch(async error => {
    await end();
    throw error;
  });
  const command = commandsTo(session);

  const within = async (handle: unknown, method: string, path: string, body?: object) => {
    await command('POST', '/window', { handle });
    return command(method, path, body);
  };

  const newPage = async (): Promise<Tab> => {
    // Not a tab, which would be in the background.
    const { handle } = await within(first, 'POST', '/window/new', { type: 'window' });
    const inTab = within.bind(undefined, handle);
    return {
      goto: url => inTab('POST', '/url', { url }),
      evaluate: expression => inTab('POST', '/execute/sync', { script: `return (${expression})`, args: [] }),
      close: async () => void (await inTab('DELETE', '/window')),
    };
  };
  return {
    newPage,
    async close() {
      await command('DELETE', '').catch(() => {});
      await end();
    },
  };
}

/**
 * WebKitGTK's MiniBrowser, driven over WebDriver. It is always a private window, as a driven one keeps
 * nothing on disk.
 */
export const webkit: Engine = {
  name: 'WebKit',
  packages: 'webkit2gtk-driver xvfb',
  isFound: () => [DRIVER, 'Xvfb'].every(program => findProgram(program)),
  // Beside another WebKit, one that starts may never answer its driver: it is ended, and another one started.
  launch: options => start(options).catch(() => start(options)),
};
