// @vitest-environment happy-dom
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';

type Stub = Record<string, (...parameters: unknown[]) => Promise<unknown>>;

const SNIPPET = readFileSync(join(import.meta.dirname, '../src/snippet.html'), 'utf8');
const [, loader = ''] = SNIPPET.match(/<script>(.*?)<\/script>/s) ?? [];
const page = window as unknown as { utmost: Stub };

let sent: string[] = [];

/** Runs the loader snippet, as the page's head does. */
const runSnippet = (id = 'app') => new Function(loader.replace('YOUR_APPLICATION_ID', id))();
/** Runs the script, as the browser does when it has come. */
async function runScript(dataset?: Record<string, string>) {
  Object.defineProperty(document, 'currentScript', { configurable: true, value: dataset && { dataset } });
  vi.resetModules();
  await import('../src/script.ts');
}

beforeEach(() => {
  sent = [];
  localStorage.clear();
  Reflect.deleteProperty(window, 'utmost');
  vi.stubGlobal('VERSION', '1.2.3');
  vi.stubGlobal('fetch', async (_: string, { body }: RequestInit) => {
    sent.push(`${body}`);
    return new Response('', { status: 201 });
  });
  for (const level of ['warn', 'error'] as const) vi.spyOn(console, level).mockImplementation(() => {});
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

it('the loader snippet has at most 400 bytes', () => {
  expect(Buffer.byteLength(SNIPPET.trim())).toBeLessThanOrEqual(400);
});

it('calls made through the snippet are run in order, and answered', async () => {
  runSnippet();
  const early = page.utmost;
  const receipts = [early.identifyUser?.('1', { n: 1 }), early.identifyUser?.('1', { n: 2 })];
  const id = early.getAnonymousId?.();
  await runScript();
  expect(await Promise.all(receipts)).toEqual(Array(2).fill({ status: 'delivered', httpStatus: 201 }));
  expect(sent.map(body => JSON.parse(body).metadata)).toEqual([{ n: 1 }, { n: 2 }]);
  expect(await id).toBe(JSON.parse(sent[0] ?? '{}').anonymous_id);
});

it('who kept the snippet’s object has the real one', async () => {
  runSnippet();
  const early = page.utmost;
  await runScript();
  expect(page.utmost).toBe(early);
  await early.identifyUser?.('1');
  expect(sent).toHaveLength(1);
});

it('a script tag begins by its attributes, without a snippet', async () => {
  await runScript({ applicationId: 'app', timeout: '500' });
  expect(page.utmost.getAnonymousId?.()).toMatch(/^[\da-f-]{36}$/);
});

it('a bad call stops none of those behind it', async () => {
  runSnippet('');
  void page.utmost.init?.({ applicationId: 'app' });
  const receipt = page.utmost.identifyUser?.('behind a bad call');
  await runScript();
  expect(console.error).toHaveBeenCalledOnce();
  expect(await receipt).toMatchObject({ status: 'delivered' });
});

it('a second copy of the script, or of the snippet, leaves the first in place', async () => {
  runSnippet();
  await runScript();
  const { utmost } = page;
  const identify = utmost.identifyUser;
  await runScript({ applicationId: 'app' });
  runSnippet();
  expect(page.utmost).toBe(utmost);
  expect(utmost.identifyUser).toBe(identify);
});
