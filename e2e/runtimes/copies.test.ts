import { fileURLToPath } from 'node:url';
import type { Browser } from 'playwright';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { freePort } from '../../test/free-port.ts';
import { launchShell } from '../chromium.ts';
import { NGINX, NO_NGINX, startNginx } from '../nginx.ts';
import { nginx, nginxCopies, node } from '../recipes.ts';
import { startCopies } from './copies.ts';
import { answers } from './programs.ts';

const PAGES = 4;
const USERS = 25; // of each page
const SCRIPT = fileURLToPath(new URL('../../dist/utmost.min.js', import.meta.url));

if (process.env.CI && !NGINX) throw new Error(NO_NGINX);
if (!NGINX) console.warn(NO_NGINX);

const ends: (() => Promise<void>)[] = [];
let browser: Browser;
let copies: Awaited<ReturnType<typeof startCopies>>;
let site: string;

beforeAll(async () => {
  if (!NGINX) return;
  copies = await startCopies(4, node, 30);
  ends.push(copies.close);
  await copies.start();
  const port = await freePort();
  const servers = copies.copies.map(({ port }) => `server 127.0.0.1:${port};`);
  ends.push(
    startNginx(`
      ${nginxCopies.replace(/(\s*server .*;)+/, servers.join('\n'))}
      server {
        listen 127.0.0.1:${port};
        ${nginx.replace('http://127.0.0.1:3000', 'http://relays')}
        location = /utmost.min.js { types { } default_type text/javascript; alias ${SCRIPT}; }
        location / { default_type text/html; return 200 '<!doctype html><script src="/utmost.min.js"></script>'; }
      }`),
  );
  await answers(port);
  site = `http://www.example.test:${port}/`;
  browser = await launchShell();
  ends.push(() => browser.close());
});
afterAll(async () => {
  for (const end of ends.reverse()) await end();
});

/** Opens the site as a visitor of its own, and identifies one user after the other. Returns the statuses of the posts. */
async function identifyMany(visitor: number): Promise<number[]> {
  const page = await (await browser.newContext()).newPage();
  const statuses: number[] = [];
  page.on('response', response => {
    if (response.request().method() === 'POST') statuses.push(response.status());
  });
  await page.goto(`${site}?utm_source=visitor-${visitor}`);
  await page.evaluate(
    async ([visitor, users]) => {
      window.utmost.init({ relay: '/t' });
      for (let user = 0; user < users; user++) {
        void window.utmost.identifyUser(`visitor-${visitor}-user-${user}`, { user });
        await new Promise(resolve => setTimeout(resolve, 20));
      }
    },
    [visitor, USERS] as const,
  );
  return statuses;
}

test.skipIf(!NGINX)(
  'four copies behind nginx, one killed under load: every user is at the upstream, by those that are left',
  async () => {
    const statuses = await Promise.all(Array.from({ length: PAGES }, (_, visitor) => identifyMany(visitor)));
    const { arrivals } = copies;
    const stored = () =>
      new Set(arrivals.filter(({ isStored }) => isStored).map(({ userId }) => userId)).size;
    await expect.poll(stored, { timeout: 40_000, interval: 100 }).toBe(PAGES * USERS);

    // It was under load: what the killed copy had under way is lost, and pages heard of it.
    const lost = arrivals.filter(({ isStored }) => !isStored);
    const killed = copies.copies.findIndex(({ isKilled }) => isKilled);
    expect(lost.map(({ copy }) => copy)).toEqual(lost.map(() => killed));
    expect(lost.length).toBeGreaterThan(0);
    expect(statuses.flat().filter(status => status === 502).length).toBeGreaterThanOrEqual(lost.length);
    // A profile whose first post was lost came by another copy.
    for (const { userId } of lost)
      expect(arrivals.findLast(arrival => arrival.userId === userId)?.copy).not.toBe(killed);
    expect(new Set(arrivals.map(({ copy }) => copy)).size).toBe(4);
  },
  60_000,
);
