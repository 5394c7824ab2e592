// @vitest-environment happy-dom
import { beforeEach, expect, it, vi } from 'vitest';

type Api = Record<string, (...parameters: unknown[]) => unknown>;
const page = window as unknown as Record<
  'utmost' | 'moesif' | 'analytics',
  (Api & { q?: unknown }) | undefined
>;

/** Runs the script, as the browser does when it has come. */
async function runScript(dataset: Record<string, string> = {}) {
  Object.defineProperty(document, 'currentScript', { configurable: true, value: { dataset } });
  vi.resetModules();
  await import('../../src/full-script.ts');
}

beforeEach(() => {
  localStorage.clear();
  for (const name of ['utmost', 'moesif', 'analytics']) Reflect.deleteProperty(window, name);
  vi.stubGlobal('VERSION', '1.2.3');
  vi.stubGlobal('fetch', async () => new Response('', { status: 201 }));
});

it('mounts everything as window.utmost', async () => {
  await runScript();
  expect(page.utmost?.track).toBeTypeOf('function');
  expect(page.moesif).toBeUndefined();
});

it('mounts under the name in data-global, which is no option', async () => {
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
  await runScript({ global: 'analytics', applicationId: 'app', debug: 'true' });
  expect(page.analytics?.getAnonymousId?.()).toMatch(/^[\da-f-]{36}$/);
  expect(page.utmost).toBeUndefined();
  expect(warn).not.toHaveBeenCalled();
  warn.mockRestore();
});

it('takes over the calls that wait in a snippet’s moesif', async () => {
  const answers: unknown[] = [];
  const answer = (result: unknown) => void answers.push(result);
  const stub = {
    q: [
      ['init', [{ applicationId: 'app' }], answer],
      ['identifyCompany', ['c'], answer],
    ],
  };
  page.moesif = stub as never;
  await runScript();
  expect(page.moesif).toBe(stub);
  expect(stub).toHaveProperty('track');
  expect(await answers[1]).toMatchObject({ status: 'delivered' });
});

it('leaves another script’s moesif alone', async () => {
  const theirs = { track: () => 'theirs' };
  page.moesif = theirs;
  await runScript();
  expect(page.moesif).toBe(theirs);
  expect(page.utmost?.track).toBeTypeOf('function');
});
