import { spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { endGroup, hasEnded } from '../programs.ts';

/** The application id that no answer may hold. */
export const APPLICATION_ID = 'application-id-that-nobody-may-see';

/** Waits until somebody answers at a port of this machine. */
export async function answers(port: number, isOver = () => false): Promise<void> {
  for (const end = Date.now() + 15_000; ; await sleep(50)) {
    const answer = await fetch(`http://127.0.0.1:${port}/t/v1/nothing`).catch(() => undefined);
    if (answer) return;
    if (isOver() || Date.now() > end) throw new Error(`Nothing answers at port ${port}.`);
  }
}

/** Starts a program and waits until it answers at the port. Returns what ends it. */
export async function startProgram([program = '', ...rest]: string[], port: number, said: string[] = []) {
  const child = spawn(program, rest, {
    env: { ...process.env, PORT: `${port}`, APPLICATION_ID, NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  for (const stream of [child.stdout, child.stderr]) stream.on('data', data => said.push(`${data}`));
  const stop = () => endGroup(child);
  try {
    await answers(port, () => hasEnded(child));
  } catch (error) {
    await stop();
    throw new Error(`${program} ${rest.join(' ')}: ${said.join('')}`, { cause: error });
  }
  return { stop, said };
}
