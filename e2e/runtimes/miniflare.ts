import { build } from 'esbuild';
import type { Project } from '../packed.ts';
import { APPLICATION_ID, answers } from './programs.ts';

/** The part of Miniflare that is used. It is installed in this folder only. */
interface Miniflare {
  ready: Promise<URL>;
  dispose(): Promise<void>;
}
type MiniflareModule = { Miniflare: new (options: object) => Miniflare };

const ENTRY = new URL('node_modules/miniflare/dist/src/index.js', import.meta.url);

/** Bundles a Worker as Wrangler does, and runs it on workerd. */
export async function startMiniflare(_: Project, file: string, port: number, bindings = {}) {
  const { outputFiles } = await build({
    entryPoints: [file],
    bundle: true,
    format: 'esm',
    conditions: ['workerd', 'worker', 'browser'],
    write: false,
  });
  const { Miniflare } = (await import(ENTRY.href)) as MiniflareModule;
  const said: string[] = [];
  const miniflare = new Miniflare({
    modules: true,
    script: outputFiles[0]?.text,
    compatibilityDate: '2026-04-01',
    bindings: { APPLICATION_ID, ...bindings },
    host: '127.0.0.1',
    port,
    // Else it asks the network where this machine is.
    cf: false,
    handleRuntimeStdio: (...streams: NodeJS.ReadableStream[]) => {
      for (const stream of streams) stream.on('data', data => said.push(`${data}`));
    },
  });
  await miniflare.ready;
  await answers(port);
  return { stop: () => miniflare.dispose(), said };
}
