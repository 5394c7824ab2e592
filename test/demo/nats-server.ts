import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../free-port.ts';

/** One nats-server with JetStream, or a cluster of them. */
export interface NatsServers {
  /** For `QUEUE_URL`: the addresses of all. */
  url: string;
  /** Ends a node at once, as a crash of its process would. */
  kill(node: number): Promise<void>;
  /** Starts a node that was ended, with what it has on its disk. */
  start(node: number): Promise<void>;
  /** Ends all and removes their data. */
  stop(): Promise<void>;
}

/** The `nats-server` of this machine, if there is one. Debian keeps it where the PATH of a user may not lead. */
export function findNats(): string | undefined {
  for (const program of ['nats-server', '/usr/sbin/nats-server']) {
    try {
      execFileSync(program, ['--version'], { stdio: 'ignore' });
      return program;
    } catch {
      // The next one.
    }
  }
  return undefined;
}

/** Starts nodes on free ports of this machine, with their data in a temporary folder. */
export async function startNats(program: string, nodes: 1 | 3): Promise<NatsServers> {
  const folder = mkdtempSync(join(tmpdir(), 'utmost-nats-'));
  const ports: number[] = [];
  for (let count = 0; count < 2 * nodes; count++) ports.push(await freePort());
  const clients = ports.slice(0, nodes);
  const routes = ports.slice(nodes).map(port => `nats://127.0.0.1:${port}`);
  const running: (ChildProcess | undefined)[] = [];

  const start = async (node: number) => {
    const store = join(folder, String(node));
    const own = ['-n', `node${node}`, '-a', '127.0.0.1', '-p', String(clients[node]), '-js', '-sd', store];
    const cluster = ['--cluster_name', 'utmost', '--cluster', routes[node] ?? '', '--routes', routes.join()];
    running[node] = spawn(program, nodes === 1 ? own : [...own, ...cluster], { stdio: 'ignore' });
    await answering(clients[node] ?? 0);
  };
  const kill = async (node: number) => {
    const server = running[node];
    running[node] = undefined;
    if (!server || server.exitCode !== null || server.signalCode !== null) return;
    const exited = once(server, 'exit');
    server.kill('SIGKILL');
    await exited;
  };
  const killAll = () => {
    for (const server of running) server?.kill('SIGKILL');
  };
  // A test that is cut short must not leave a server behind.
  process.once('exit', killAll);
  const stop = async () => {
    process.off('exit', killAll);
    for (const node of clients.keys()) await kill(node);
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    for (const node of clients.keys()) await start(node);
    return { url: clients.map(port => `nats://127.0.0.1:${port}`).join(), kill, start, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Waits until somebody listens at a port. */
async function answering(port: number): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    const socket = connect(port, '127.0.0.1');
    try {
      await once(socket, 'connect');
      return;
    } catch (error) {
      if (attempt === 300) throw error;
      await sleep(50);
    } finally {
      socket.destroy();
    }
  }
}
