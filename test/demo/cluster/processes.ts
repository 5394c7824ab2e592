import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { eventually } from '../../../e2e/eventually.ts';
import { hasEnded } from '../../../e2e/programs.ts';

/** The secret for reading, which all processes have. */
export const READ_TOKEN = 'the-read-token-of-clusters';

const PROGRAM = fileURLToPath(new URL('./collector-process.ts', import.meta.url));

/** A collector in a process of its own. */
export interface CollectorProcess {
  port: number;
  /** What it has printed. */
  said: string[];
  /** Ends it as a power cut would. */
  kill(): Promise<void>;
}

/** Starts a collector and waits until it answers. */
export async function startCollector(env: Record<string, string>): Promise<CollectorProcess> {
  const said: string[] = [];
  const child = spawn(process.execPath, ['--import', 'tsx', PROGRAM], {
    env: { ...process.env, ...env, READ_TOKEN },
    // Its input ends with this process, and so it does, however that ends.
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  for (const stream of [child.stdout, child.stderr]) stream.on('data', data => said.push(`${data}`));
  const quit = () => child.kill('SIGKILL');
  process.once('exit', quit);
  const kill = async () => {
    process.off('exit', quit);
    if (hasEnded(child)) return;
    const gone = once(child, 'exit');
    quit();
    await gone;
  };
  const port = await eventually(() => {
    if (hasEnded(child)) return 0;
    const [, found] = /port=(\d+)/.exec(said.join('')) ?? [];
    if (!found) throw new Error(`The collector has no port yet: ${said.join('')}`);
    return Number(found);
  });
  if (port === 0) throw new Error(`The collector has ended: ${said.join('')}`);
  return { port, said, kill };
}

/** Reads from a collector, or from nginx before it. */
export const readFrom = (port: number, path: string): Promise<Response> =>
  fetch(`http://127.0.0.1:${port}${path}`, { headers: { Authorization: `Bearer ${READ_TOKEN}` } });

/** Sends an update of a user. */
export const postTo = (port: number, body: unknown): Promise<Response> =>
  fetch(`http://127.0.0.1:${port}/v1/users`, {
    method: 'POST',
    headers: { 'X-Moesif-Application-Id': 'cluster' },
    body: JSON.stringify(body),
  });

/** Follows the live page's events of a collector. Returns what has come so far. */
export async function followEvents(port: number) {
  const response = await readFrom(port, '/events');
  const reader = (response.body as ReadableStream<Uint8Array>).getReader();
  const texts: string[] = [];
  const decoder = new TextDecoder();
  void (async () => {
    for (let part = await reader.read(); !part.done; part = await reader.read())
      texts.push(decoder.decode(part.value, { stream: true }));
  })().catch(() => {});
  return {
    /** Whether an event has named this user. */
    names: (userId: string) => texts.join('').includes(`"user_id":"${userId}"`),
    end: () => reader.cancel().catch(() => {}),
  };
}
