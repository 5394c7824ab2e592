import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import type { Browser, Page, Route } from 'playwright';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { RULES } from '../src/campaign/rules.ts';
import type { Decision } from '../src/index.ts';
import { launchShell } from './chromium.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const read = (file: string) => readFileSync(`${root}/${file}`, 'utf8');
const SITE = 'https://www.example.com';
const LONG = 'x'.repeat(600);
const OPTIONS = `{ applicationId: 'app', timeout: 4000 }`;

/** The builds that ship, as a page has each. */
const BUILDS = ['utmost.min.js', 'utmost.full.min.js', 'index.js', 'full.js'] as const;
type Build = (typeof BUILDS)[number];

/** Returns all codes of a union type, as its source has them. */
const codesOf = (file: string, type: string) => {
  const [, union = ''] = new RegExp(`export type ${type} =(.*?);`, 's').exec(read(file)) ?? [];
  return [...union.matchAll(/\| '([\w-]+)'/g)].map(([, code]) => `${code}`);
};

/** Visits of one visitor, in this order, that lead to every rule and to every note. */
const VISITS: [path: string, referrer?: string][] = [
  ['/', 'https://news.example.org/'],
  ['/inside', `${SITE}/`],
  ['/signed-in', 'https://accounts.google.com/'],
  ['/mail', 'https://mail.example.net/'],
  ['/bookmark'],
  ['/?utm_source=a&utm_medium=b'],
  ['/next?utm_source=a&utm_medium=b', `${SITE}/`],
  [
    `/?utm_source=%20a&utm_medium=%01b&utm_term=${LONG}&UTM_Campaign=c&utm_content=&utm_source=d&gclid=${LONG}`,
  ],
  [
    '/?utm_source={{source}}&utm_medium=ada%40example.com&utm_campaign=eyJhbGciOiJI.eyJzdWIiOiIx.x&utm_term=t',
  ],
  ['/#utm_source=hash'],
  ['/sale?utm_source=banner', `${SITE}/`],
];
/** The first page of another visitor, whose landing moved on before any script ran. */
const MOVED_ON = ['/de/', `${SITE}/?utm_source=early`] as const;

/** The collector's responses, by user. */
const ANSWERS: Record<string, (route: Route) => Promise<void>> = {
  refused: route => answer(route, 400),
  away: route => answer(route, 503),
  offline: route => route.abort(),
  hanging: () => Promise.resolve(),
  slower: route => answer(route, 429),
  unpaid: route => answer(route, 401),
};
const answer = (route: Route, status: number) =>
  route.fulfill({
    status,
    headers: { 'Access-Control-Allow-Origin': '*', 'Access-Control-Allow-Headers': '*' },
    json: {},
  });

/** Code that makes calls in this order, each of which returns another receipt. */
const CALLS = `
  const utmost = window.utmost;
  const cycle = {};
  cycle.self = cycle;
  const receipts = [];
  for (const call of [
    ['ada', { n: 1 }], ['ada', { n: 1 }], [''], ['ada', cycle], ['ada', { text: 'x'.repeat(1.1e6) }],
    ['refused'], ['away'], ['offline'], ['hanging'], ['slower'], ['unpaid'], ['later'],
  ]) receipts.push(await utmost.identifyUser(...call));
  utmost.setConsent('denied');
  receipts.push(await utmost.identifyUser('ada'));
  return receipts;`;

let browser: Browser;
let scripts: Record<string, string>;
beforeAll(async () => {
  browser = await launchShell();
  scripts = {};
  for (const file of BUILDS) {
    const contents = `import * as copy from './dist/${file}'; window.utmost = copy;`;
    const bundled = file.includes('min')
      ? undefined
      : await build({ stdin: { contents, resolveDir: root }, bundle: true, write: false });
    scripts[`/${file}`] = bundled?.outputFiles[0]?.text ?? read(`dist/${file}`);
  }
});
afterAll(() => browser.close());

async function openPage(build: Build, options = OPTIONS): Promise<Page> {
  const context = await browser.newContext({ baseURL: SITE });
  await context.route('**/*', async route => {
    const request = route.request();
    if (request.method() === 'OPTIONS') return answer(route, 200);
    if (request.method() === 'POST') {
      const { user_id } = request.postDataJSON() as { user_id?: string };
      return (ANSWERS[`${user_id}`] ?? (each => answer(each, 201)))(route);
    }
    const { pathname, origin } = new URL(request.url());
    const body = scripts[pathname];
    if (body) return route.fulfill({ contentType: 'text/javascript', body });
    const head = `<script src="/${build}"></script><script>utmost.init(${options})</script>`;
    return route.fulfill({ contentType: 'text/html', body: origin === SITE ? `<!doctype html>${head}` : '' });
  });
  return context.newPage();
}

/** Returns what a build says of all visits, without times and ids. */
async function decisionsOf(build: Build) {
  const told: unknown[] = [];
  const note = async (page: Page) => {
    const [decisions, campaign] = await page.evaluate(
      () => [window.utmost.explain(), window.utmost.getCampaign()] as const,
    );
    // Storing is over with the task after, whenever a busy machine comes to it.
    await page.evaluate(() => new Promise(resolve => setTimeout(resolve, 50)));
    told.push(
      decisions.map(({ at: _, ...decision }) => decision),
      campaign,
    );
  };
  const other = await openPage(build);
  await other.goto(MOVED_ON[0], { referer: MOVED_ON[1] });
  await note(other);
  await other.context().close();
  const page = await openPage(build);
  for (const [path, referer] of VISITS) {
    await page.goto(path, { ...(referer && { referer }) });
    await note(page);
  }
  await page.reload();
  await note(page);
  await page.evaluate(() => {
    location.href = 'https://login.example.net/';
  });
  await page.waitForURL('https://login.example.net/');
  await page.goto('/back', { referer: 'https://login.example.net/' });
  await note(page);
  await page.context().close();
  return told;
}

async function receiptsOf(build: Build): Promise<{ status: string; reason?: string }[]> {
  const page = await openPage(build);
  await page.goto('/');
  const receipts = await page.evaluate(`(async () => {${CALLS}})()`);
  const asking = await openPage(build, `{ applicationId: 'app', consent: 'pending' }`);
  await asking.goto('/');
  const pending = await asking.evaluate(() => window.utmost.identifyUser('ada'));
  for (const each of [page, asking]) await each.context().close();
  return [...(receipts as { status: string }[]), pending];
}

/** Runs one build after another: side by side on a slow machine they would run into time limits. */
async function ofAll<T>(run: (build: Build) => Promise<T>): Promise<T[]> {
  const results: T[] = [];
  for (const each of BUILDS) results.push(await run(each));
  return results;
}

test('every rule and issue is called the same in every build, and as the types say', async () => {
  const [first = [], ...others] = await ofAll(decisionsOf);
  for (const other of others) expect(other).toEqual(first);
  const decisions = first.filter(Array.isArray).flat() as Decision[];
  expect(new Set(decisions.map(({ rule }) => rule))).toEqual(new Set(Object.keys(RULES)));
  for (const { rule, reason } of decisions) expect(reason).toBe(RULES[rule]);
  expect(new Set(decisions.flatMap(({ issues }) => issues.map(({ code }) => code)))).toEqual(
    new Set(codesOf('src/campaign/parameters.ts', 'ParameterIssueCode')),
  );
});

test('every receipt is the same in every build, and worded as the types say', async () => {
  const [first = [], ...others] = await ofAll(receiptsOf);
  for (const other of others) expect(other).toEqual(first);
  const reasons = (status: string) =>
    first.filter(receipt => receipt.status === status).map(({ reason }) => reason);
  const known = ['queued', 'dropped'].map(
    status => new Set(codesOf('src/shared/types.ts', status === 'queued' ? 'QueuedReason' : 'DroppedReason')),
  );
  expect(new Set(first.map(({ status }) => status))).toEqual(
    new Set(['delivered', 'unchanged', 'queued', 'dropped']),
  );
  for (const [index, status] of ['queued', 'dropped'].entries())
    for (const reason of reasons(status)) expect(known[index]).toContain(reason);
  expect(new Set(reasons('queued')).size).toBeGreaterThanOrEqual(5);
  expect(new Set(reasons('dropped')).size).toBeGreaterThanOrEqual(5);
});
