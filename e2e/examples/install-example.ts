import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Project } from '../packed.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Folders whose packages are there, by their lock files. The first that has one gives it, as a page needs one React. */
const SOURCES = ['e2e/frameworks/node_modules', 'e2e/runtimes/node_modules', 'node_modules'];

interface Manifest {
  version?: string;
  scripts?: Record<string, string>;
  dependencies: Record<string, string>;
  devDependencies?: Record<string, string>;
}
const readManifest = (folder: string): Manifest =>
  JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));

/** Returns the folder of a package that is there in the major version of that range. */
function findPackage(name: string, range: string): string {
  const major = (version = '') => version.replace(/^\D*/, '').split('.')[0];
  const folders = SOURCES.map(source => join(root, source, name)).filter(folder =>
    existsSync(join(folder, 'package.json')),
  );
  const found = folders.find(folder => major(readManifest(folder).version) === major(range));
  if (!found) throw new Error(`${name} ${range} is in none of ${SOURCES.join(', ')}.`);
  return found;
}

/**
 * Copies an example into a project that has the packed package, with the packages that its package.json asks for, and
 * builds it by its own script. `without`: packages that are too heavy to be there.
 */
export function installExample(project: Project, name: string, without: readonly string[] = []): string {
  const folder = join(project.folder, 'examples', name);
  const ignored = /node_modules|[\\/]dist$|utmost.*\.min\.js$/;
  cpSync(join(root, 'examples', name), folder, {
    recursive: true,
    filter: path => !ignored.test(path.slice(root.length)),
  });
  const { scripts, dependencies, devDependencies } = readManifest(folder);
  const { utmost, ...others } = { ...dependencies, ...devDependencies };
  const packed = join(project.folder, 'node_modules/utmost');
  if (utmost !== `^${readManifest(packed).version}`)
    throw new Error(`examples/${name} asks for utmost ${utmost}: it is to be the version of this package.`);
  for (const [each, range] of [['utmost', ''], ...Object.entries(others)] as [string, string][]) {
    if (without.includes(each)) continue;
    const target = join(folder, 'node_modules', each);
    mkdirSync(dirname(target), { recursive: true });
    const from = each === 'utmost' ? packed : findPackage(each, range);
    symlinkSync(from, target, 'junction');
  }
  if (scripts?.build)
    // By the command itself: the programs of linked packages have no place in .bin.
    execFileSync('npm', ['run', '--silent', 'build'], {
      cwd: folder,
      env: { ...process.env, PATH: `${join(root, 'node_modules/.bin')}${delimiter}${process.env.PATH}` },
      stdio: ['ignore', 'ignore', 'inherit'],
    });
  return folder;
}
