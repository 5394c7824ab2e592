import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import type { Browser } from 'playwright';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchShell } from './chromium.ts';
import { delivered, load } from './intercepted.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const read = (file: string) => readFileSync(`${root}/${file}`, 'utf8');
const page = read('docs/csp.md');
/** The policies of docs/csp.md, by how the script is loaded. */
const policies = [...page.matchAll(/^\| (.*) \| `(script-src .*)` \|$/gm)].map(
  ([, how, policy]) => [`${how}`, `${policy}`] as const,
);
const policyOf = (how: string) => policies.find(([name]) => name.startsWith(how))?.[1] ?? '';
const snippet = /```html\n(.*?)```/s.exec(page)?.[1] ?? '';
const integrity = (JSON.parse(read('dist/integrity.json')) as Record<string, string>)['utmost.min.js'];

let browser: Browser;
let app: string;
beforeAll(async () => {
  browser = await launchShell();
  const contents =
    "import utmost from './dist/index.js'; utmost.init({ applicationId: 'app' }); window.utmost = utmost;";
  const bundle = await build({ stdin: { contents, resolveDir: root }, bundle: true, write: false });
  app = bundle.outputFiles[0]?.text ?? '';
});
afterAll(() => browser.close());

/** A page under a policy that allows nothing else. */
const under = (policy: string, head: string) =>
  load(browser, {
    head,
    policy: `default-src 'none'; ${policy}`,
    scripts: { '/utmost.min.js': read('dist/utmost.min.js'), '/app.js': app },
  });

const tag = (attributes: string) => `<script async src="/utmost.min.js" ${attributes}></script>`;

test.each([
  ['script tag, on your own site', tag('data-application-id="app"')],
  ['loader snippet', snippet],
  ['npm import', '<script defer src="/app.js"></script>'],
])('the policy in docs/csp.md is all it takes: %s', async (how, head) => {
  expect(await under(policyOf(how), head)).toEqual(delivered());
});

test('the policy in docs/csp.md is all it takes: the relay', async () => {
  const came = await under(policyOf('script tag with `data-relay="/t"`'), tag('data-relay="/t"'));
  expect(came).toEqual(delivered('https://www.example.com/t/v1/users'));
});

test('every policy in docs/csp.md is tried', () => {
  expect(policies).toHaveLength(4);
});

test('a policy without the hash refuses the snippet, and the script does without it', async () => {
  const policy = policyOf('loader snippet').replace(/ 'sha256-[^']*'/, '');
  expect(await under(policy, snippet)).toMatchObject({
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
  const tagged = (hash = '') => under(policy, tag(`integrity="${hash}" data-application-id="app"`));
  expect(await tagged(integrity)).toMatchObject({ receipt: { status: 'delivered' } });
  const other = `sha384-${createHash('sha384').update('another').digest('base64')}`;
  expect(await tagged(other)).toMatchObject({ receipt: 'none', sent: [] });
});
