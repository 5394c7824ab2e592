// Installs the runtimes that the relay is run on, where they are not there yet in the versions of package-lock.json.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));

interface Lock {
  packages: Record<string, { version?: string; optional?: boolean }>;
}
const readLock = (path: string) => (JSON.parse(readFileSync(at(path), 'utf8')) as Lock).packages;

/** Returns the version of a package of this folder, as its lock file has it. */
export function versionOf(name: string): string {
  const { version } = readLock('package-lock.json')[`node_modules/${name}`] ?? {};
  if (!version) throw new Error(`e2e/runtimes/package-lock.json has no ${name}.`);
  return version;
}

/** Tells whether the packages of the lock file are installed, in these versions. Some are for other machines. */
export function areInstalled(): boolean {
  // npm writes it last.
  if (!existsSync(at('node_modules/.package-lock.json'))) return false;
  const installed = readLock('node_modules/.package-lock.json');
  const wanted = Object.entries(readLock('package-lock.json')).filter(([path]) => path);
  return wanted.every(
    ([path, { version, optional }]) =>
      (installed[path] ?? optional) && (installed[path]?.version ?? version) === version,
  );
}

/** Installs them. On a machine that reaches no registry this says so; under continuous integration it throws. */
function install(): void {
  // Without a network npm would try for minutes.
  const patience = process.env.CI ? [] : ['--fetch-retries=1', '--fetch-retry-mintimeout=1000'];
  try {
    execFileSync('npm', ['ci', ...patience, '--prefix', at('.')], { stdio: 'inherit' });
  } catch (error) {
    if (process.env.CI) throw error;
    console.warn(
      'NOT TESTED: the runtimes could not be installed; with a network, run npm run test:runtimes.',
    );
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url) && !areInstalled()) install();
