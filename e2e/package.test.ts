import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
const read = (file: string) => readFileSync(`${root}/${file}`, 'utf8');

test('the snippet in docs/api.md is the one that ships', () => {
  expect(read('docs/api.md')).toContain(read('dist/snippet.html').trim());
});

test('the package holds what a user needs and nothing else', () => {
  const [packed] = JSON.parse(
    execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], { cwd: root, encoding: 'utf8' }),
  );
  expect(packed.files.map(({ path }: { path: string }) => path).sort()).toEqual([
    'CHANGELOG.md',
    'LICENSE',
    'README.md',
    'dist/LICENSES.txt',
    'dist/capture.cjs',
    'dist/capture.cjs.map',
    'dist/capture.d.cts',
    'dist/capture.d.ts',
    'dist/capture.js',
    'dist/capture.js.map',
    'dist/channel.cjs',
    'dist/channel.cjs.map',
    'dist/channel.d.cts',
    'dist/channel.d.ts',
    'dist/channel.js',
    'dist/channel.js.map',
    'dist/cli.js',
    'dist/consent-mode.cjs',
    'dist/consent-mode.cjs.map',
    'dist/consent-mode.d.cts',
    'dist/consent-mode.d.ts',
    'dist/consent-mode.js',
    'dist/consent-mode.js.map',
    'dist/consent-tcf.cjs',
    'dist/consent-tcf.cjs.map',
    'dist/consent-tcf.d.cts',
    'dist/consent-tcf.d.ts',
    'dist/consent-tcf.js',
    'dist/consent-tcf.js.map',
    'dist/forms.cjs',
    'dist/forms.cjs.map',
    'dist/forms.d.cts',
    'dist/forms.d.ts',
    'dist/forms.js',
    'dist/forms.js.map',
    'dist/full-global.d.cts',
    'dist/full-global.d.ts',
    'dist/full.cjs',
    'dist/full.cjs.map',
    'dist/full.d.cts',
    'dist/full.d.ts',
    'dist/full.js',
    'dist/full.js.map',
    'dist/global.cjs',
    'dist/global.d.cts',
    'dist/global.d.ts',
    'dist/global.js',
    'dist/index.cjs',
    'dist/index.cjs.map',
    'dist/index.d.cts',
    'dist/index.d.ts',
    'dist/index.js',
    'dist/index.js.map',
    'dist/integrity.json',
    'dist/next.cjs',
    'dist/next.cjs.map',
    'dist/next.d.cts',
    'dist/next.d.ts',
    'dist/next.js',
    'dist/next.js.map',
    'dist/panel.cjs',
    'dist/panel.cjs.map',
    'dist/panel.d.cts',
    'dist/panel.d.ts',
    'dist/panel.js',
    'dist/panel.js.map',
    'dist/react.cjs',
    'dist/react.cjs.map',
    'dist/react.d.cts',
    'dist/react.d.ts',
    'dist/react.js',
    'dist/react.js.map',
    'dist/relay-node.cjs',
    'dist/relay-node.cjs.map',
    'dist/relay-node.d.cts',
    'dist/relay-node.d.ts',
    'dist/relay-node.js',
    'dist/relay-node.js.map',
    'dist/relay.cjs',
    'dist/relay.cjs.map',
    'dist/relay.d.cts',
    'dist/relay.d.ts',
    'dist/relay.js',
    'dist/relay.js.map',
    'dist/server.cjs',
    'dist/server.cjs.map',
    'dist/server.d.cts',
    'dist/server.d.ts',
    'dist/server.js',
    'dist/server.js.map',
    'dist/simulate.cjs',
    'dist/simulate.cjs.map',
    'dist/simulate.d.cts',
    'dist/simulate.d.ts',
    'dist/simulate.js',
    'dist/simulate.js.map',
    'dist/snippet.html',
    'dist/svelte.cjs',
    'dist/svelte.cjs.map',
    'dist/svelte.d.cts',
    'dist/svelte.d.ts',
    'dist/svelte.js',
    'dist/svelte.js.map',
    'dist/utmost.capture.min.js',
    'dist/utmost.capture.min.js.map',
    'dist/utmost.forms.min.js',
    'dist/utmost.forms.min.js.map',
    'dist/utmost.full.min.js',
    'dist/utmost.full.min.js.map',
    'dist/utmost.min.js',
    'dist/utmost.min.js.map',
    'dist/utmost.module.min.js',
    'dist/utmost.module.min.js.map',
    'dist/utmost.panel.min.js',
    'dist/utmost.panel.min.js.map',
    'dist/vue.cjs',
    'dist/vue.cjs.map',
    'dist/vue.d.cts',
    'dist/vue.d.ts',
    'dist/vue.js',
    'dist/vue.js.map',
    'dist/watch.cjs',
    'dist/watch.cjs.map',
    'dist/watch.d.cts',
    'dist/watch.d.ts',
    'dist/watch.js',
    'dist/watch.js.map',
    'docs/ARCHITECTURE.md',
    'docs/api.md',
    'docs/attribution.md',
    'docs/auth.md',
    'docs/benchmark.md',
    'docs/browsers.md',
    'docs/capture.md',
    'docs/channels.md',
    'docs/collector.md',
    'docs/consent.md',
    'docs/cross-domain.md',
    'docs/csp.md',
    'docs/delivery.md',
    'docs/forms.md',
    'docs/frameworks.md',
    'docs/full.md',
    'docs/links.md',
    'docs/loading.md',
    'docs/migrating-from-moesif.md',
    'docs/migrating.md',
    'docs/panel.md',
    'docs/privacy.md',
    'docs/relay.md',
    'docs/safari.md',
    'docs/server.md',
    'docs/user-com.md',
    'package.json',
  ]);
});

test.each(['index', 'full'])('the ES module %s leaves its dependencies to the bundler', name => {
  const imports = [...read(`dist/${name}.js`).matchAll(/^import .* from '(.*)';$/gm)].map(([, name]) => name);
  expect(imports.sort()).toEqual(['idb-keyval', 'js-cookie', 'ky']);
});

test('what stands beside a client has no dependency, and is a module that a page can load as it is', () => {
  for (const name of ['consent-mode', 'consent-tcf', 'forms', 'capture'])
    for (const extension of ['js', 'cjs'])
      expect(read(`dist/${name}.${extension}`)).not.toMatch(/^import |\brequire\(/m);
});

test('the relay has no dependency and asks for no runtime of its own', () => {
  for (const file of [
    'relay.js',
    'relay.cjs',
    'relay.d.ts',
    'relay-node.js',
    'relay-node.cjs',
    'relay-node.d.ts',
  ])
    expect(read(`dist/${file}`)).not.toMatch(
      /^import |\brequire\(["'`]|\b(process|Buffer|Deno|Bun)\.|node:/m,
    );
});

test('the server entry has ky alone, and asks for no runtime of its own', () => {
  const imports = [...read('dist/server.js').matchAll(/^import .* from '(.*)';$/gm)].map(([, name]) => name);
  expect(imports).toEqual(['ky']);
  for (const file of ['dist/server.js', 'dist/server.cjs', 'dist/server.d.ts'])
    expect(read(file)).not.toMatch(/\brequire\(["'`]|\b(process|Buffer|Deno|Bun)\.|node:/m);
});

test('the command holds all it needs but Node, and the licences of it are told', () => {
  const cli = read('dist/cli.js');
  expect(cli).toMatch(/^#!\/usr\/bin\/env node\n/);
  const imports = [...cli.matchAll(/(?:^|;)import\b[^;"]*"(.*?)"/gm)].map(([, name]) => `${name}`);
  expect(imports).toContain('node:util');
  expect(imports.filter(name => !isBuiltin(name))).toEqual([]);
  const told = read('dist/LICENSES.txt');
  for (const name of [
    'cli-table3',
    'csv-parse',
    'entities',
    'ky',
    'leven',
    'parse5',
    'picocolors',
    'wrap-ansi',
  ])
    expect(told).toMatch(new RegExp(`^${name}$`, 'm'));
});

test('what a page loads holds nothing of the relay’s upstreams', () => {
  for (const file of ['index.js', 'index.cjs', 'utmost.min.js', 'full.js', 'full.cjs', 'utmost.full.min.js'])
    expect(read(`dist/${file}`)).not.toMatch(/user\.?com|users-by-id|gravatar|createRelay/i);
});

test('the changelog has a section for this version, and begins with it', () => {
  const { version } = JSON.parse(read('package.json'));
  expect(read('CHANGELOG.md').match(/^## (\S+)/m)?.[1]).toBe(version);
});

test('nothing runs when the package is installed', () => {
  const { scripts } = JSON.parse(read('package.json'));
  expect(Object.keys(scripts).filter(name => /^(pre|post)?(install|prepare)$/.test(name))).toEqual([]);
});

test('the lock file names no registry', () => {
  expect(read('package-lock.json')).not.toMatch(/"resolved"/);
});

test('the scripts’ integrity is told', () => {
  const told = JSON.parse(read('dist/integrity.json'));
  for (const file of ['utmost.min.js', 'utmost.full.min.js'])
    expect(told[file]).toBe(
      `sha384-${createHash('sha384')
        .update(read(`dist/${file}`))
        .digest('base64')}`,
    );
});
