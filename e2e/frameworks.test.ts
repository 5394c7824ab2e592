import type { Browser } from 'playwright';
import ts from 'typescript';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { fencesOf, readPage } from '../test/docs/pages.ts';
import { launchShell } from './chromium.ts';
import { compile } from './compile.ts';
import { APPS } from './frameworks/apps.ts';
import { buildApp } from './frameworks/build-app.ts';
import { installPackages } from './install-packages.ts';
import { createProject, type Project } from './packed.ts';

let project: Project;
let browser: Browser;
beforeAll(async () => {
  installPackages('frameworks');
  project = createProject('frameworks');
  browser = await launchShell();
});
afterAll(async () => {
  await browser?.close();
  project?.remove();
});

const HEADERS = { 'Access-Control-Allow-Origin': '*', 'Access-Control-Allow-Headers': '*' };

/** Opens a page of an app. Everything that it posts is taken, and what it says on the console. */
async function open(script: string, html: string, host = 'div') {
  const page = await browser.newPage();
  const posts: Record<string, unknown>[] = [];
  const said: string[] = [];
  page.on('console', message => /error|warning/.test(message.type()) && said.push(message.text()));
  page.on('pageerror', error => said.push(`${error}`));
  const body = `<!doctype html><link rel="icon" href="data:,"><${host} id="app">${html}</${host}>
    <script type="module" src="/app.js"></script>`;
  await page.route('**/*', route => {
    const request = route.request();
    if (request.method() === 'POST') posts.push(request.postDataJSON());
    if (request.method() !== 'GET') return route.fulfill({ status: 201, headers: HEADERS, json: {} });
    return request.url().endsWith('/app.js')
      ? route.fulfill({ contentType: 'text/javascript', body: script })
      : route.fulfill({ contentType: 'text/html', body });
  });
  await page.goto('https://www.example.com/?utm_source=mail&utm_campaign=spring');
  return { page, said, profiles: () => posts.filter(({ user_id }) => user_id) };
}

test.each(Object.entries(APPS))(
  '%s: an app of the documentation shows the campaign, over what a server has rendered, and posts one profile',
  async (name, app) => {
    const { script, html } = await buildApp(project, name, app);
    expect(html.replace(/<!--.*?-->/g, '')).toBe('<p>Welcome</p>');
    const { page, said, profiles } = await open(script, html, app.host);
    const seen = page.locator('p');
    await expect.poll(() => seen.textContent()).toBe('Your spring offer');
    expect(profiles()).toEqual([]);

    await page.evaluate('logIn({ id: "ada", plan: "pro" })');
    await expect.poll(() => profiles().length).toBe(1);
    expect(profiles()[0]).toMatchObject({
      user_id: 'ada',
      campaign: { utm_source: 'mail', utm_campaign: 'spring' },
      metadata: { plan: 'pro' },
    });
    // The click makes the watcher look often again.
    await page.evaluate('go(); logIn({ id: "ada", plan: "pro" }); document.body.click()');
    const checks = await page.evaluate('window.checks');
    // What must not come is waited for by a fixed time: a second profile, and in Angular a check of the components.
    await page.waitForTimeout(500);
    expect(await page.evaluate('window.checks')).toBe(checks);
    expect([await seen.textContent(), profiles().length, said]).toEqual(['Your spring offer', 1, []]);
    await page.close();
  },
);

/** What the snippets take from elsewhere: other frameworks' own, and the site's files. */
const ELSEWHERE = `
  declare module 'next/headers' { export function cookies(): Promise<{ getAll(): { name: string; value: string }[] }> }
  declare module '#imports' {
    export function defineNuxtPlugin(plugin: (app: { vueApp: import('vue').App }) => void): unknown;
    export function useRuntimeConfig(): { public: Record<string, unknown> };
  }
  declare module '@nuxt/kit' {
    export function defineNuxtModule<T extends object>(module: {
      meta: { name: string; configKey: string };
      setup(options: T, nuxt: { options: { runtimeConfig: { public: Record<string, unknown> } } }): void;
    }): unknown;
    export function addPlugin(path: string): void;
    export function addImports(imports: { name: string; from: string }[]): void;
    export function createResolver(base: string): { resolve(path: string): string };
  }
  declare module '*.vue' { const component: import('vue').Component; export default component; }
  declare const process: { env: Record<string, string | undefined> };`;

const compileSnippets = (snippets: readonly string[]) => {
  project.write('types/session.d.ts', 'export function useSession(): any;');
  const elsewhere = project.write('types/elsewhere.d.ts', ELSEWHERE);
  const files = snippets.map((code, n) => {
    const name = /class UtmostService/.test(code) ? 'utmost.service' : `snippet-${n}`;
    return project.write(`types/${name}.tsx`, `${code}\nexport {};\n`);
  });
  return compile([elsewhere, ...files], {
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    jsx: ts.JsxEmit.ReactJSX,
    experimentalDecorators: true,
    // Of the frameworks' own declarations.
    skipLibCheck: true,
  });
};

test('the snippets of the documentation compile, as strict as the compiler gets', () => {
  const snippets = fencesOf(readPage('docs/frameworks.md'), 'js', 'jsx', 'ts', 'tsx');
  expect(snippets.length).toBeGreaterThan(9);
  expect(compileSnippets(snippets)).toEqual([]);
});

test('what is wrong does not', () => {
  const wrong = `import { UtmostProvider, useUser } from 'utmost/react'; import { useUser as useVueUser } from 'utmost/vue';
    import { createRelayRoute, readVisitor, UtmostScript } from 'utmost/next';
    export const one = <UtmostProvider />;
    useUser({ name: 'no id' });
    useVueUser(() => 'ada');
    export const two = <UtmostScript relay="/t" onDelivery={() => {}} />;
    readVisitor('utmost_id=x');
    export const { GET } = createRelayRoute({ applicationId: 'app' });`;
  expect(compileSnippets([wrong]).map(line => line.replace(/.*?:(\d+) .*/s, '$1'))).toEqual([
    '3',
    '4',
    '5',
    '6',
    '7',
    '8',
  ]);
});
