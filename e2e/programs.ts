import { type ChildProcess, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';

/** Returns the path of the first of these programs that is on this machine. Each is given by name or path. */
export const findProgram = (...programs: (string | undefined)[]): string | undefined =>
  programs
    .map(program =>
      program && !program.includes('/')
        ? spawnSync('which', [program], { encoding: 'utf8' }).stdout?.trim()
        : program,
    )
    .find(path => path && existsSync(path));

/** Tells whether a program that was started runs no more. */
export const hasEnded = ({ exitCode, signalCode }: ChildProcess): boolean =>
  exitCode !== null || signalCode !== null;

/**
 * Ends a program as a power cut would, and the processes it started: no code of theirs runs any more. It must
 * have been started `detached`, in a group of its own.
 */
export async function endGroup(child: ChildProcess): Promise<void> {
  if (!child.pid || hasEnded(child)) return;
  const gone = once(child, 'exit');
  process.kill(-child.pid, 'SIGKILL');
  await gone;
}
