// npm run test:examples: what is too heavy for npm test. Each example is installed by npm from the packed tarball.
import { execFileSync, spawn } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser } from 'playwright';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { fencesOf, readPage } from '../../test/docs/pages.ts';
import { freePort } from '../../test/free-port.ts';
import { openServer } from '../../test/relay/world.ts';
import { launchChromium } from '../chromium.ts';
import { ADA, clickThrough, openPage, users } from './click.ts';

/** What the documentation has of the example. */
const recipes = fencesOf(readPage('docs/frameworks.md'), 'ts');

const root = fileURLToPath(new URL('../..', import.meta.url));

let browser: Browser;
let api: Awaited<ReturnType<typeof openServer>>;
let folder: string;
const ends: (() => Promise<void>)[] = [];
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'utmost-examples-'));
  execFileSync('npm', ['pack', '--ignore-scripts', '--pack-destination', folder], {
    cwd: root,
    stdio: 'ignore',
  });
  api = await openServer();
  browser = await launchChromium();
});
afterEach(async () => {
  api.got.length = 0;
  for (const end of ends.splice(0)) await end();
});
afterAll(async () => {
  await browser?.close();
  await api?.close();
  rmSync(folder, { recursive: true });
});

/** Copies an example, and installs it as a newcomer does, but for the tarball in place of the registry's package. */
function install(name: string): string {
  const target = join(folder, name);
  cpSync(join(root, 'examples', name), target, {
    recursive: true,
    filter: path =>
      !/node_modules|\.(next|nuxt|output|svelte-kit)$|[\\/]build$/.test(path.slice(root.length)),
  });
  const manifest = JSON.parse(readFileSync(join(target, 'package.json'), 'utf8'));
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  manifest.dependencies.utmost = `file:../utmost-${version}.tgz`;
  writeFileSync(join(target, 'package.json'), JSON.stringify(manifest));
  execFileSync('npm', ['install', '--no-audit', '--no-fund'], { cwd: target, stdio: 'inherit' });
  return target;
}

/** Builds an example by its own script. */
const build = (cwd: string, env: NodeJS.ProcessEnv) =>
  execFileSync('npm', ['run', 'build'], { cwd, env, stdio: 'inherit' });

/** Starts a program of an example until the test ends. Resolves once somebody answers at the address. */
async function start(cwd: string, args: string[], env: NodeJS.ProcessEnv, address: string) {
  const child = spawn(process.execPath, args, { cwd, env, stdio: 'inherit' });
  const ended = new Promise<void>(resolve => child.once('exit', () => resolve()));
  ends.push(async () => {
    child.kill();
    await ended;
  });
  await expect
    .poll(
      () =>
        fetch(address).then(
          ({ ok }) => ok,
          () => false,
        ),
      { interval: 200 },
    )
    .toBe(true);
}

test('nextjs: relay, hooks, and the visitor on the server, in its production build', async () => {
  const example = install('nextjs');
  const port = await freePort();
  const env = { ...process.env, NEXT_TELEMETRY_DISABLED: '1', APPLICATION_ID: 'app', UPSTREAM: api.url };
  build(example, env);
  const origin = `http://127.0.0.1:${port}`;
  const next = ['node_modules/next/dist/bin/next', 'start', '--hostname', '127.0.0.1', '--port', `${port}`];
  await start(example, next, env, origin);
  const { page, said } = await openPage(browser);
  await clickThrough(page, origin);
  await expect.poll(() => users(api.got.map(({ body }) => body))).toMatchObject([ADA]);
  // The server's component, asked by the router and by the browser.
  await expect.poll(() => page.locator('#server').textContent()).toBe('spring');
  await page.reload();
  expect(await page.locator('#server').textContent()).toBe('spring');
  expect(said).toEqual([]);
  await page.close();
});

test('sveltekit: relay, store, and the visitor on the server, in its production build', async () => {
  const example = install('sveltekit');
  const port = await freePort();
  const origin = `http://127.0.0.1:${port}`;
  // The adapter's server knows its own origin by this alone.
  const env = { ...process.env, ORIGIN: origin, HOST: '127.0.0.1', PORT: `${port}` };
  build(example, env);
  await start(example, ['build'], { ...env, APPLICATION_ID: 'app', UPSTREAM: api.url }, origin);
  // Rendered on the server, where nothing is known.
  expect(await (await fetch(origin)).text()).toMatch(/<output id="campaign">none</);
  const { page, said } = await openPage(browser);
  await clickThrough(page, origin);
  await expect.poll(() => users(api.got.map(({ body }) => body))).toMatchObject([ADA]);
  await expect.poll(() => page.locator('#server').textContent()).toBe('spring');
  await page.reload();
  expect(await page.locator('#server').textContent()).toBe('spring');
  expect(said).toEqual([]);
  await page.close();
});

test('nuxt: the module of the documentation, its composables, and the relay, in the production build', async () => {
  const example = install('nuxt');
  for (const name of ['index', 'plugin'])
    expect(recipes).toContain(readFileSync(join(example, `modules/utmost/${name}.ts`), 'utf8'));
  const port = await freePort();
  const env = {
    ...process.env,
    HOST: '127.0.0.1',
    PORT: `${port}`,
    APPLICATION_ID: 'app',
    UPSTREAM: api.url,
  };
  build(example, env);
  const origin = `http://127.0.0.1:${port}`;
  await start(example, ['.output/server/index.mjs'], env, origin);
  // Rendered on the server, where nothing is known.
  expect(await (await fetch(origin)).text()).toMatch(/<output id="campaign">none</);
  const { page, said } = await openPage(browser);
  await clickThrough(page, origin);
  await expect.poll(() => users(api.got.map(({ body }) => body))).toMatchObject([ADA]);
  expect(said).toEqual([]);
  await page.close();
});
