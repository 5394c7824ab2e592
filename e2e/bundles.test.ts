import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build as esbuild } from 'esbuild';
import type { Browser } from 'playwright';
import { build as vite } from 'vite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import webpack, { type Configuration } from 'webpack';
import { launchShell } from './chromium.ts';
import { delivered, load } from './intercepted.ts';
import { createProject, type Project } from './packed.ts';

let project: Project;
let browser: Browser;
beforeAll(async () => {
  project = createProject();
  browser = await launchShell();
});
afterAll(async () => {
  await browser.close();
  project.remove();
});

/** Runs webpack and returns the path of the one file it makes. */
function runWebpack(configuration: Configuration): Promise<string> {
  const output = { path: project.folder, filename: 'webpack.out.cjs' };
  const compiler = webpack({ context: project.folder, output, ...configuration });
  return new Promise((resolve, reject) => {
    compiler?.run((error, stats) => {
      if (error || stats?.hasErrors() || stats?.hasWarnings()) reject(error ?? new Error(`${stats}`));
      else compiler.close(() => resolve(join(project.folder, output.filename)));
    });
  });
}

/** The bundlers. Each makes one file of an entry, by its own defaults, and returns its text. */
const BUNDLERS: Record<string, (entry: string) => Promise<string>> = {
  async esbuild(entry) {
    const result = await esbuild({ entryPoints: [entry], bundle: true, minify: true, write: false });
    expect(result.warnings).toEqual([]);
    return result.outputFiles[0]?.text ?? '';
  },
  async Vite(entry) {
    const result = await vite({
      root: project.folder,
      configFile: false,
      logLevel: 'warn',
      build: { write: false, rolldownOptions: { input: entry } },
    });
    if (!('output' in result)) throw new Error('Vite is expected to build once.');
    return result.output[0].code;
  },
  webpack: async entry => readFileSync(await runWebpack({ entry, mode: 'production' }), 'utf8'),
};

const IMPORT = "import { identifyUser, init } from 'utmost';";
const REQUIRE = "const { identifyUser, init } = require('utmost');";
const PAGE = "init({ applicationId: 'app' }); window.utmost = { identifyUser };";

describe.each(Object.entries(BUNDLERS))('the packed package, bundled by %s', (_, bundle) => {
  test.each([
    ['imported', 'page.js', IMPORT],
    ['required', 'page.cjs', REQUIRE],
  ])('%s, it delivers', async (how, file, from) => {
    const code = await bundle(project.write(file, `${from}\n${PAGE}`));
    const head = '<script type="module" src="/app.js"></script>';
    expect(await load(browser, { head, scripts: { '/app.js': code } })).toEqual(delivered());
    // What the page does not use stays out of an ES module's bundle; not every bundler sees it in the other.
    if (how === 'imported') expect(code).not.toContain('simulation');
    expect(code).not.toMatch(/createRelay|users-by-id/);
  });

  test('simulateVisits brings the rules alone, and no client', async () => {
    const page =
      "import { simulateVisits } from 'utmost/simulate';\nwindow.campaign = simulateVisits(window.visits).campaign;";
    const code = await bundle(project.write('rules.js', page));
    expect(code).toContain('simulation');
    expect(code).not.toMatch(/indexedDB|sendBeacon|keepalive/);
    expect(gzipSync(code).length).toBeLessThan(4500);
  });

  test.each(['utmost', 'utmost/full'])('%s, imported for its types or not used, is no code', async from => {
    const page = `import utmost, { init } from '${from}';\nimport '${from}/global';\nwindow.page = 1;`;
    expect((await bundle(project.write('nothing.js', page))).length).toBeLessThan(100);
  });

  test('one function of utmost/full does not bring the names of all', async () => {
    const code = await bundle(
      project.write('one.js', "import { track } from 'utmost/full';\nwindow.track = track;"),
    );
    const all = await bundle(project.write('all.js', "import all from 'utmost/full';\nwindow.all = all;"));
    expect(code.length).toBeLessThan(all.length - 300);
  });
});

test('a page without a bundler imports the module from its address, and delivers', async () => {
  const module = readFileSync(join(project.folder, 'node_modules/utmost/dist/utmost.module.min.js'), 'utf8');
  expect(module).not.toMatch(/\bimport\b/);
  const head = `<script type="module">
    import { identifyUser, init } from '/utmost.module.min.js';
    import whole from '/utmost.module.min.js';
    if (whole.identifyUser !== identifyUser) throw new Error('two clients');
    ${PAGE}</script>`;
  expect(await load(browser, { head, scripts: { '/utmost.module.min.js': module } })).toEqual(delivered());
});

test.each([
  ['utmost/script', 'utmost.min.js'],
  ['utmost/full/script', 'utmost.full.min.js'],
  ['utmost/snippet.html', 'snippet.html'],
  ['utmost/integrity.json', 'integrity.json'],
])('a build finds %s by its name', (name, file) => {
  const line = `console.log(JSON.stringify(import.meta.resolve('${name}')))`;
  expect(run(project.write('find.js', line))).toMatch(new RegExp(`/utmost/dist/${file}$`));
});

/** Everything there is, called where there is no page; its last line prints what came of it. */
const SERVER = `
  const errors = [];
  process.on('unhandledRejection', error => errors.push(String(error)));
  utmost.init({ applicationId: 'x' });
  utmost.reset();
  const [receipt] = await Promise.all([utmost.identifyUser('u', { a: 1 }), utmost.flush()]);
  const { campaign } = simulateVisits([{ url: 'https://a.example/?utm_source=s' }]);
  const { status } = await createRelay({ applicationId: 'x' })(new Request('https://a.example/t/nowhere'));
  openPanel();
  for (const stop of [fillForms(utmost), announceCampaign(utmost)]) stop();
  for (const stop of [watchCampaign(() => {}), followConsentMode(() => {}), followTcf(() => {})]) stop();
  const server = [readVisitor('').consent, renewCookies(null), typeof createServerClient({}).identifyUser];
  const answers = await Promise.all([full.identifyCompany('c'), full.track('t')]);
  full.init({ applicationId: 'x' });
  full.identifySession('s');
  full.createClient({ applicationId: 'x' }).reset();
  const silent = [full.getUserId(), full.getSession() && undefined, full.start() || undefined].every(value => value === undefined);
  const none = silent && answers.every(({ reason }) => reason === 'no-page') &&
    full.decorateUrl('/x') === '/x' &&
    [utmost.getCampaign(), utmost.getAnonymousId()].every(value => value === undefined);
  const same = Object.keys(utmost).every(name => named[name] === utmost[name]);
  console.log(JSON.stringify({ receipt, none, explained: utmost.explain(), same, campaign, channel: channelOf(campaign), status, server, errors }));`;
const NOTHING = {
  receipt: { status: 'dropped', reason: 'no-page', message: expect.any(String) },
  none: true,
  explained: [],
  same: true,
  campaign: { utm_source: 's' },
  channel: 'Unassigned',
  status: 404,
  server: ['granted', [], 'function'],
  errors: [],
};
const IMPORTS = `import utmost, * as named from 'utmost';\nimport { createRelay } from 'utmost/relay';
import { createServerClient, readVisitor, renewCookies } from 'utmost/server';
import { simulateVisits } from 'utmost/simulate';
import { channelOf } from 'utmost/channel';
import { followConsentMode } from 'utmost/consent-mode';
import { followTcf } from 'utmost/consent-tcf';
import { openPanel } from 'utmost/panel';
import { watchCampaign } from 'utmost/watch';
import { announceCampaign, fillForms } from 'utmost/forms';
import full from 'utmost/full';`;
const run = (file: string) =>
  JSON.parse(execFileSync(process.execPath, [file], { cwd: project.folder, encoding: 'utf8' }));

test('imported on a server it is safe, and every function does nothing', () => {
  expect(run(project.write('server.js', IMPORTS + SERVER))).toEqual(NOTHING);
});

test('required on a server it is safe, and every function does nothing', () => {
  const requires = `const named = require('utmost'), { createRelay } = require('utmost/relay'), utmost = named.default;
    const { simulateVisits } = require('utmost/simulate'), { channelOf } = require('utmost/channel');
    const { createServerClient, readVisitor, renewCookies } = require('utmost/server');
    const { followConsentMode } = require('utmost/consent-mode'), { followTcf } = require('utmost/consent-tcf');
    const { openPanel } = require('utmost/panel'), { watchCampaign } = require('utmost/watch');
    const { announceCampaign, fillForms } = require('utmost/forms');
    const full = require('utmost/full').default;`;
  const file = project.write('server.cjs', `${requires}\n(async () => {${SERVER}\n})();`);
  expect(run(file)).toEqual(NOTHING);
});

// As Next.js renders a component on the server: by webpack for Node, the packages in the bundle or left outside.
const OUTSIDE: Configuration = {
  externalsType: 'import',
  externals: [
    '',
    '/full',
    '/relay',
    '/relay/node',
    '/server',
    '/simulate',
    '/channel',
    '/forms',
    '/capture',
    '/panel',
    '/consent-mode',
    '/consent-tcf',
    '/watch',
  ].map(end => `utmost${end}`),
};
test.each([
  ['in the bundle', {}],
  ['outside', OUTSIDE],
])('bundled for a server, with its packages %s, it does nothing', async (_, externals) => {
  const page = `export default async function Page() {${SERVER}\n}\nvoid Page();`;
  const entry = project.write('component.js', `${IMPORTS}\n${page}`);
  const file = await runWebpack({
    entry,
    mode: 'development',
    devtool: false,
    target: 'node20',
    ...externals,
  });
  expect(run(file)).toEqual(NOTHING);
});
