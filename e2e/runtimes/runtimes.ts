import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { versionOf } from '../install-packages.ts';
import type { Project } from '../packed.ts';
import { bun, deno, express, fastify, node as hono, nodeHttp, worker } from '../recipes.ts';
import { startMiniflare } from './miniflare.ts';
import { startProgram } from './programs.ts';

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** A relay that was started. */
export interface Running {
  stop(): Promise<void>;
  /** What it has written on the console. */
  said: readonly string[];
}

/** A place where sites run the relay. */
export interface Runtime {
  name: string;
  /** Name and version, as docs/relay.md has it. None where another entry has it. */
  version?: string;
  /** The program: a recipe of docs/relay.md. */
  program: string;
  /** Starts a program of the project. Resolves once it answers at the port. */
  start(project: Project, file: string, port: number): Promise<Running>;
}

const node = (program: string, name: string, version?: string): Runtime => ({
  name,
  ...(version && { version }),
  program,
  start: (_, file, port) => startProgram([process.execPath, file], port),
});

const NODE = `Node ${readFileSync(at('../../.nvmrc'), 'utf8').trim()}`;
const bin = (name: string) => at(`node_modules/.bin/${name}`);

/** Express with the parsers of every type that pages send, up to the API's own limit. */
const parsedExpress = express.replace(
  "app.use('/t'",
  "app.use(express.json({ limit: '1mb' }), express.text({ limit: '1mb' }));\n$&",
);

export const RUNTIMES: readonly Runtime[] = [
  node(nodeHttp, 'Node', NODE),
  node(hono, 'Hono'),
  node(express, 'Express', `Express ${versionOf('runtimes', 'express')}`),
  node(parsedExpress, 'Express behind its parsers'),
  node(fastify, 'Fastify', `Fastify ${versionOf('runtimes', 'fastify')}`),
  {
    name: 'Cloudflare Workers',
    version: `workerd ${versionOf('runtimes', 'workerd')}`,
    program: worker,
    start: startMiniflare,
  },
  {
    name: 'Deno',
    version: `Deno ${versionOf('runtimes', 'deno')}`,
    program: deno,
    start: (_, file, port) =>
      startProgram(
        [
          bin('deno'),
          'run',
          '--no-lock',
          '--cached-only',
          '--allow-net=127.0.0.1',
          '--allow-env',
          '--allow-read',
          file,
        ],
        port,
      ),
  },
  {
    name: 'Bun',
    version: `Bun ${versionOf('runtimes', 'bun')}`,
    program: bun,
    start: (_, file, port) => startProgram([bin('bun'), 'run', '--no-install', file], port),
  },
];
