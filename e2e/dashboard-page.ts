import { mkdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import type { AxeResults } from 'axe-core';
import type { Page } from 'playwright';
import { launchShell } from './chromium.ts';
import { people } from './dashboard-people.ts';
import { openWorld, type World } from './world.ts';

/** The folder of screenshots. */
export const ARTIFACTS = fileURLToPath(new URL('.artifacts/', import.meta.url));

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

export const SIZES = {
  wide: { width: 1200, height: 800 },
  narrow: { width: 360, height: 740 },
};
export type Size = keyof typeof SIZES;

/** Starts the demo, with people in its collector. */
export async function openPeople(): Promise<World> {
  await mkdir(ARTIFACTS, { recursive: true });
  const world = await openWorld(undefined, launchShell);
  for (const [path, body] of people()) await sendTo(world, path, body);
  return world;
}

/** Opens a view of the dashboard, and waits until it is connected. */
export async function openDashboard(
  world: World,
  hash: string,
  size: Size,
  colorScheme: 'light' | 'dark' = 'light',
): Promise<Page> {
  const page = await (await world.visitor()).newPage();
  await page.setViewportSize(SIZES[size]);
  await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
  await page.goto(`${world.demo.dashboard}${hash}`);
  await page.locator('#connection[data-state=live]').waitFor();
  return page;
}

/** Lists what axe finds on the page. */
export async function violations(page: Page): Promise<string[]> {
  // The page's policy lets no script in but its own.
  await page.evaluate(await readFile(AXE, 'utf8'));
  const results = await page.evaluate(() =>
    (window as unknown as { axe: { run(): Promise<AxeResults> } }).axe.run(),
  );
  return results.violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html }) => `${id}: ${html.slice(0, 160)}`),
  );
}

/** Sends an update, an action or recorded calls to the demo's collector. */
export const sendTo = (world: World, path: string, body: object): Promise<Response> =>
  fetch(`${world.demo.collector}/v1/${path}`, {
    method: 'POST',
    headers: { 'X-Moesif-Application-Id': 'demo' },
    body: JSON.stringify(body),
  });
