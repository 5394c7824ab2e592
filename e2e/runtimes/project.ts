import { existsSync, mkdirSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createProject, type Project } from '../packed.ts';
import { relaysOf, standIn } from './relays.ts';

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** What the programs import besides the package, and where it is installed. */
const MODULES: Record<string, string> = {
  express: 'node_modules/express',
  fastify: 'node_modules/fastify',
  hono: '../../node_modules/hono',
  '@hono/node-server': '../../node_modules/@hono/node-server',
};

/** Creates a project with the package as npm delivers it, and the frameworks. */
export function createServerProject(): Project {
  const project = createProject();
  for (const [name, path] of Object.entries(MODULES)) {
    const link = join(project.folder, 'node_modules', name);
    mkdirSync(dirname(link), { recursive: true });
    if (existsSync(at(path))) symlinkSync(at(path), link, 'junction');
  }
  return project;
}

/** Creates such a project, with the modules that give each program several relays. */
export function createRelayProject(api: string, token: string): Project {
  const project = createServerProject();
  const relays = relaysOf(api, token);
  project.write('relays.mjs', standIn('utmost/relay', 'createRelay', relays));
  project.write('node-relays.mjs', standIn('utmost/relay/node', 'createNodeRelay', relays));
  return project;
}

/** Writes a program into the project, with several relays in place of its one. Returns its path. */
export function writeProgram(project: Project, name: string, program: string): string {
  const code = program
    .replace("'utmost/relay'", "'./relays.mjs'")
    .replace("'utmost/relay/node'", "'./node-relays.mjs'");
  if (!code.includes('relays.mjs')) throw new Error(`There is no relay in this program: ${program}`);
  return project.write(name, code);
}
