import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';

const run = promisify(execFile);
const root = fileURLToPath(new URL('..', import.meta.url));

/** A copy of what a release reads, in a repository of its own: the release is played there. */
let folder: string;
/** Stands in for the registry, which knows no version yet. */
let registry: Server;
const asked: string[] = [];
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'utmost-release-'));
  for (const path of ['package.json', 'CHANGELOG.md', 'README.md', 'LICENSE', '.changeset', 'dist', 'docs'])
    cpSync(join(root, path), join(folder, path), {
      recursive: true,
      filter: source => !/[\\/](node_modules|\.build)([\\/]|$)/.test(source.slice(root.length)),
    });
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  const git = (...rest: string[]) =>
    run('git', ['-c', 'user.name=Test', '-c', 'user.email=test@example.com', ...rest], { cwd: folder });
  await git('init', '--quiet', '--initial-branch=main');
  await git('add', 'package.json', '.changeset');
  await git('commit', '--quiet', '--message=Begin');
  registry = createServer(({ method, url }, response) => {
    asked.push(`${method} ${url}`);
    response.writeHead(404, { 'Content-Type': 'application/json' }).end('{"error":"not_found"}');
  });
  await new Promise<void>(resolve => registry.listen(0, '127.0.0.1', resolve));
});
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  registry?.closeAllConnections();
  await new Promise(resolve => registry?.close(resolve));
});

const read = (file: string) => readFileSync(join(folder, file), 'utf8');

test('a release is made by two commands, and sends nothing but the package', async () => {
  const { version } = JSON.parse(read('package.json'));
  writeFileSync(
    join(folder, '.changeset/brave-cats-sing.md'),
    "---\n'utmost': minor\n---\n\nSings to cats.\n",
  );
  await run(process.execPath, [join(root, 'node_modules/@changesets/cli/bin.js'), 'version'], {
    cwd: folder,
  });
  const next = JSON.parse(read('package.json')).version;
  const [major, minor] = version.split('.').map(Number);
  expect(next).toBe(`${major}.${minor + 1}.0`);
  const changes = read('CHANGELOG.md');
  expect(changes).toMatch(
    new RegExp(`^# Changelog\n[^#]*## ${next}\n\n### Minor Changes\n\n- .*Sings to cats\\.\n`),
  );
  // What was told of earlier versions stays.
  expect(changes).toContain(
    readFileSync(join(root, 'CHANGELOG.md'), 'utf8')
      .replace(/^[^#]*# .*\n/, '')
      .trim(),
  );

  const { port } = registry.address() as AddressInfo;
  const flags = ['--dry-run', '--json', '--ignore-scripts', `--registry=http://127.0.0.1:${port}/`];
  const { stdout } = await run('npm', ['publish', ...flags, '--provenance=false'], { cwd: folder });
  const told = JSON.parse(stdout);
  // npm 11 tells it below the package's name.
  const published = told.utmost ?? told;
  expect(published).toMatchObject({ id: `utmost@${next}`, version: next });
  expect(published.files.map(({ path }: { path: string }) => path)).toContain('dist/utmost.min.js');
  expect(asked.filter(each => !each.startsWith('GET '))).toEqual([]);
});

test('the bill of materials names every package that a site gets, with its version and licence', async () => {
  const { stdout } = await run('npm', ['run', '--silent', 'sbom'], { cwd: root, maxBuffer: 1e8 });
  const bill = JSON.parse(stdout);
  expect(bill).toMatchObject({
    bomFormat: 'CycloneDX',
    metadata: { component: { purl: expect.stringMatching(/^pkg:npm\/utmost@/) } },
  });
  const { dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const components: { name: string; version: string; licenses: object[] }[] = bill.components;
  expect(components.map(({ name }) => name).sort()).toEqual(Object.keys(dependencies).sort());
  for (const { version, licenses } of components)
    expect([version, licenses.length]).toEqual([expect.stringMatching(/^\d+\.\d+\.\d+$/), 1]);
});
