import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { build, type Plugin } from 'esbuild';
import type { Browser } from 'playwright';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchChromium } from './chromium.ts';
import { APPS, SVELTE } from './frameworks/apps.ts';
import { installPackages } from './install-packages.ts';

const here = fileURLToPath(new URL('frameworks', import.meta.url));
const root = fileURLToPath(new URL('..', import.meta.url));
const dist = (name: string) => `${root}dist/${name}.js`;
const require = createRequire(`${here}/`);

let browser: Browser;
beforeAll(async () => {
  installPackages('frameworks');
  browser = await launchChromium();
});
afterAll(() => browser?.close());

/** Compiles the Svelte app's component by the folder's own compiler. */
const svelte: Plugin = {
  name: 'svelte',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /\.svelte$/ }, ({ path }) => ({ path, namespace: 'svelte' }));
    onLoad({ filter: /.*/, namespace: 'svelte' }, () => {
      const { compile } = require('svelte/compiler') as typeof import('svelte/compiler');
      const { js } = compile(SVELTE, { generate: 'client', filename: 'App.svelte' });
      return { contents: js.code, resolveDir: here };
    });
  },
};

/** What ships, and one copy of each framework: the folder's own. */
const FRAMEWORKS = ['react', 'vue', 'svelte'];
const packages: Plugin = {
  name: 'packages',
  setup({ onResolve, resolve }) {
    onResolve({ filter: /^utmost(\/|$)/ }, ({ path }) => ({ path: dist(path.slice(7) || 'index') }));
    onResolve({ filter: new RegExp(`^(${FRAMEWORKS.join('|')})(/|$)`) }, ({ path, kind, pluginData }) =>
      pluginData === 'own' ? null : resolve(path, { resolveDir: here, kind, pluginData: 'own' }),
    );
  },
};

async function bundle(contents: string): Promise<string> {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: here },
    bundle: true,
    write: false,
    format: 'iife',
    // Strict Mode repeats effects in React's development build alone.
    define: {
      'process.env.NODE_ENV': '"development"',
      // Vue's own, which its bundler plugins define.
      __VUE_OPTIONS_API__: 'true',
      __VUE_PROD_DEVTOOLS__: 'false',
      __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: 'false',
    },
    conditions: ['browser'],
    plugins: [svelte, packages],
    logLevel: 'error',
  });
  return `${outputFiles[0]?.text}`;
}

test.each(Object.entries(APPS))(
  '%s: an app shows the campaign, a login posts one profile with it, and a change of route keeps both',
  async (_, contents) => {
    const script = await bundle(contents);
    const page = await browser.newPage();
    const posts: Record<string, unknown>[] = [];
    const said: string[] = [];
    page.on('console', message => /error|warning/.test(message.type()) && said.push(message.text()));
    page.on('pageerror', error => said.push(`${error}`));
    await page.route('**/*', route => {
      const request = route.request();
      const headers = { 'Access-Control-Allow-Origin': '*', 'Access-Control-Allow-Headers': '*' };
      if (request.method() === 'POST') posts.push(request.postDataJSON());
      if (request.method() !== 'GET') return route.fulfill({ status: 201, headers, json: {} });
      if (request.url().endsWith('/app.js'))
        return route.fulfill({ contentType: 'text/javascript', body: script });
      const body =
        '<!doctype html><link rel="icon" href="data:,"><div id="root"></div><script src="/app.js"></script>';
      return route.fulfill({ contentType: 'text/html', body });
    });
    const profiles = () => posts.filter(({ user_id }) => user_id);
    const source = () => page.locator('#source').textContent();

    await page.goto('https://www.example.com/?utm_source=spring');
    await expect.poll(source).toBe('spring');
    expect(profiles()).toEqual([]);
    await page.locator('#login').click();
    await expect.poll(() => profiles().length).toBe(1);
    expect(profiles()[0]).toMatchObject({
      user_id: 'ada',
      campaign: { utm_source: 'spring' },
      metadata: { plan: 'pro' },
    });
    await page.locator('#next').click();
    await expect.poll(() => page.locator('#route').textContent()).toBe('/next');
    // What must not come is waited for by a fixed time: a second look at the campaign, and a second profile.
    await page.waitForTimeout(1500);
    expect([await source(), profiles().length, said]).toEqual(['spring', 1, []]);
    await page.close();
  },
);
