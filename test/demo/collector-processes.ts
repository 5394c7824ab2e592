import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { hasEnded } from '../../e2e/programs.ts';
import { freePort } from '../free-port.ts';

/** The secret for reading, which all processes have. */
export const READ_TOKEN = 'the-read-token-of-tests';

/** What `GET /health` tells. */
export interface Health {
  queue: { messages: number; replicas: number };
  worker: { partitions: number[]; refused: number; waits_for: string | null } | null;
}

/** A process of the collector. */
export interface CollectorProcess {
  port: number;
  url: string;
  health(): Promise<Health | undefined>;
  /** Ends it at once, as a crash would. */
  kill(): Promise<void>;
  /** Starts it again, at the same port. */
  start(): Promise<void>;
}

/**
 * Starts a process: an `ingest`, which takes in for a queue, or a `worker`, which does all of the work. Rejects with what
 * it has printed where it fails to start.
 */
export async function startProcess(
  role: 'ingest' | 'worker',
  env: Record<string, string>,
): Promise<CollectorProcess> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  let child: ChildProcess | undefined;
  // A test that is cut short must not leave a process behind.
  process.once('exit', () => child?.kill('SIGKILL'));
  const start = async () => {
    const path = fileURLToPath(new URL('collector-process.ts', import.meta.url));
    const started = spawn(process.execPath, ['--import', 'tsx', path], {
      env: { ...process.env, READ_TOKEN, ...env, ROLE: role, PORT: String(port) },
      stdio: 'pipe',
    });
    child = started;
    let output = '';
    const listening = new Promise<void>((resolve, reject) => {
      for (const stream of [started.stdout, started.stderr])
        stream.on('data', chunk => {
          output += chunk;
          if (output.includes('listens at')) resolve();
        });
      started.once('exit', (code, signal) => {
        // Told also where nobody waits for it any more.
        if (signal !== 'SIGKILL') console.error(`The ${role} has ended by itself: ${output}`);
        reject(new Error(`The ${role} has ended with ${code}: ${output}`));
      });
    });
    await listening;
  };
  const kill = async () => {
    if (!child || hasEnded(child)) return;
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
  };
  const health = async () => {
    try {
      return (await (await fetch(`${url}/health`)).json()) as Health;
    } catch {
      return undefined;
    }
  };
  await start();
  return { port, url, health, kill, start };
}

/** Waits until a condition holds. The limit of the test ends it where it never does. */
export async function until(condition: () => Promise<boolean> | boolean): Promise<void> {
  while (!(await condition())) await sleep(20);
}
