import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { dependenciesOf, type Folder } from './install-packages.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

/** A project that has the package as npm delivers it. */
export interface Project {
  folder: string;
  /** Writes a file of the project and returns its path. */
  write(name: string, text: string): string;
  remove(): void;
}

/**
 * Packs the package and unpacks it into a new project, far from this repository. Nothing is found there but what it
 * declares, and the packages of a folder of `e2e/` that has its own.
 */
export function createProject(packages?: Folder): Project {
  const folder = mkdtempSync(join(tmpdir(), 'utmost-project-'));
  const write = (name: string, text: string) => {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  const modules = join(folder, 'node_modules');
  const target = join(modules, 'utmost');
  mkdirSync(target, { recursive: true });
  const pack = ['pack', '--json', '--ignore-scripts', '--pack-destination', folder];
  const [{ filename }] = JSON.parse(execFileSync('npm', pack, { cwd: root, encoding: 'utf8' }));
  execFileSync('tar', ['-xzf', join(folder, filename), '--strip-components=1', '-C', target]);
  const { dependencies } = JSON.parse(readFileSync(join(target, 'package.json'), 'utf8'));
  for (const name of Object.keys(dependencies))
    symlinkSync(join(root, 'node_modules', name), join(modules, name), 'junction');
  for (const name of packages ? dependenciesOf(packages) : []) {
    mkdirSync(dirname(join(modules, name)), { recursive: true });
    symlinkSync(join(root, 'e2e', packages ?? '', 'node_modules', name), join(modules, name), 'junction');
  }
  write('package.json', '{ "type": "module", "private": true }');
  return { folder, write, remove: () => rmSync(folder, { recursive: true }) };
}
