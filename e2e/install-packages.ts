import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** A folder that has packages of its own, by its path from here. */
export type Folder =
  | '../docs/site'
  | 'auth'
  | 'bench'
  | 'capture-clients'
  | 'forms'
  | 'frameworks'
  | 'runtimes';

interface Lock {
  packages: Record<string, { version?: string; optional?: boolean }>;
}

const pathOf = (folder: Folder, file = '') => fileURLToPath(new URL(`${folder}/${file}`, import.meta.url));
const readLock = (path: string) => (JSON.parse(readFileSync(path, 'utf8')) as Lock).packages;

/** Returns the version of a folder's package, as its lock file has it. */
export function versionOf(folder: Folder, name: string): string {
  const { version } = readLock(pathOf(folder, 'package-lock.json'))[`node_modules/${name}`] ?? {};
  if (!version) throw new Error(`${pathOf(folder)}package-lock.json has no ${name}.`);
  return version;
}

/** Returns the names of the packages that a folder asks for. */
export function dependenciesOf(folder: Folder): string[] {
  const { dependencies } = JSON.parse(readFileSync(pathOf(folder, 'package.json'), 'utf8'));
  return Object.keys(dependencies);
}

/** Tells whether a folder's packages are installed, in the versions of its lock file. Some are for other machines. */
export function areInstalled(folder: Folder): boolean {
  const path = pathOf(folder, 'node_modules/.package-lock.json');
  // npm writes it last.
  if (!existsSync(path)) return false;
  const installed = readLock(path);
  const wanted = Object.entries(readLock(pathOf(folder, 'package-lock.json'))).filter(([path]) => path);
  return wanted.every(
    ([path, { version, optional }]) =>
      (installed[path] ?? optional) && (installed[path]?.version ?? version) === version,
  );
}

/**
 * Installs a folder's packages where they are not there in the versions of its lock file. `hasScripts`: their own scripts
 * run, too. Throws on a machine that reaches no registry.
 */
export function installPackages(folder: Folder, { hasScripts = false } = {}): void {
  if (areInstalled(folder)) return;
  const flags = hasScripts ? [] : ['--ignore-scripts'];
  // Without a network npm would try for minutes.
  if (!process.env.CI) flags.push('--fetch-retries=1', '--fetch-retry-mintimeout=1000');
  try {
    execFileSync('npm', ['ci', ...flags, '--prefix', pathOf(folder)], { stdio: 'inherit', timeout: 600_000 });
  } catch (error) {
    throw new Error(
      `The packages of ${pathOf(folder)} are missing: with a network, run npm ci there. ${error}`,
    );
  }
}
