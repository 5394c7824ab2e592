import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import type { Browser } from 'playwright';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchChromium } from './chromium.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const read = (file: string) => readFileSync(`${root}/${file}`, 'utf8');
const section = /\n## Content Security Policy\n(.*?)\n## /s.exec(read('README.md'))?.[1] ?? '';
/** The policies of the README, by how the script is loaded. */
const policies = [...section.matchAll(/^\| (.*) \| `(script-src .*)` \|$/gm)].map(
  ([, how, policy]) => [`${how}`, `${policy}`] as const,
);
const policyOf = (how: string) => policies.find(([name]) => name.startsWith(how))?.[1] ?? '';
const snippet = /```html\n(.*?)```/s.exec(section)?.[1] ?? '';
const integrity = (JSON.parse(read('dist/integrity.json')) as Record<string, string>)['utmost.min.js'];

let browser: Browser;
let app: string;
beforeAll(async () => {
  browser = await launchChromium();
  const contents =
    "import utmost from './dist/index.js'; utmost.init({ applicationId: 'app' }); window.utmost = utmost;";
  const bundle = await build({ stdin: { contents, resolveDir: root }, bundle: true, write: false });
  app = bundle.outputFiles[0]?.text ?? '';
});
afterAll(() => browser.close());

/** What a page under a policy came to: the receipt of an identify, where it was sent, and what the policy refused. */
async function load(policy: string, head: string) {
  const page = await browser.newPage({ baseURL: 'https://www.example.com' });
  page.setDefaultTimeout(5000);
  const sent: string[] = [];
  const scripts: Record<string, string> = {
    '/utmost.min.js': read('dist/utmost.min.js'),
    '/app.js': app,
    '/page.js': `window.refused = [];
      addEventListener('securitypolicyviolation', event => refused.push(event.effectiveDirective));
      addEventListener('load', async () => { window.receipt = await window.utmost?.identifyUser('ada') ?? 'none'; });`,
  };
  await page.route('**/*', async route => {
    const { pathname, href } = new URL(route.request().url());
    const script = scripts[pathname];
    if (route.request().method() !== 'GET') {
      sent.push(href);
      // Whatever a preflight asks for; the policy decides before it.
      const headers = { 'Access-Control-Allow-Origin': '*', 'Access-Control-Allow-Headers': '*' };
      return route.fulfill({ status: 201, headers, json: {} });
    }
    if (script) return route.fulfill({ contentType: 'text/javascript', body: script });
    return route.fulfill({
      contentType: 'text/html',
      headers: { 'Content-Security-Policy': `default-src 'none'; ${policy}` },
      body: `<!doctype html><title>page</title><script src="/page.js"></script>${head}`,
    });
  });
  await page.goto('/?utm_source=strict');
  const receipt = await page.waitForFunction(() => (window as { receipt?: unknown }).receipt);
  const came = {
    receipt: await receipt.jsonValue(),
    sent: [...new Set(sent)],
    refused: await page.evaluate(() => (window as { refused?: string[] }).refused),
  };
  await page.close();
  return came;
}

const delivered = (url: string) => ({
  receipt: { status: 'delivered', httpStatus: 201 },
  sent: [url],
  refused: [],
});
const tag = (attributes: string) => `<script async src="/utmost.min.js" ${attributes}></script>`;

test.each([
  ['script tag, on your own site', tag('data-application-id="app"')],
  ['loader snippet', snippet],
  ['npm import', '<script defer src="/app.js"></script>'],
])('the policy in the README is all it takes: %s', async (how, head) => {
  expect(await load(policyOf(how), head)).toEqual(delivered('https://api.moesif.net/v1/users'));
});

test('the policy in the README is all it takes: the relay', async () => {
  const came = await load(policyOf('script tag with `data-relay="/t"`'), tag('data-relay="/t"'));
  expect(came).toEqual(delivered('https://www.example.com/t/v1/users'));
});

test('every policy in the README is tried', () => {
  expect(policies).toHaveLength(4);
});

test('a policy without the hash refuses the snippet, and the script does without it', async () => {
  const policy = policyOf('loader snippet').replace(/ 'sha256-[^']*'/, '');
  expect(await load(policy, snippet)).toMatchObject({
    receipt: { status: 'delivered' },
    refused: ['script-src-elem'],
  });
});

test('the snippet of the policy is the one that ships, without its init', () => {
  const [shipped] = read('dist/snippet.html').split(';utmost.init(');
  expect(snippet.split('</script>')[0]).toBe(shipped);
  const code = `${shipped}`.replace('<script>', '');
  const hash = createHash('sha256').update(code).digest('base64');
  expect(policyOf('loader snippet')).toContain(`'sha256-${hash}'`);
});

test('a script is let in by the hash that ships with it, and another is not', async () => {
  const policy = policyOf('script tag, on your own site');
  const tagged = (hash = '') => load(policy, tag(`integrity="${hash}" data-application-id="app"`));
  expect(await tagged(integrity)).toMatchObject({ receipt: { status: 'delivered' } });
  const other = `sha384-${createHash('sha384').update('another').digest('base64')}`;
  expect(await tagged(other)).toMatchObject({ receipt: 'none', sent: [] });
});
