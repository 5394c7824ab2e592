import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

/** The first of these programs, given by name or path, that is on this machine: its path. */
export const findProgram = (...programs: (string | undefined)[]): string | undefined =>
  programs
    .map(program =>
      program && !program.includes('/')
        ? spawnSync('which', [program], { encoding: 'utf8' }).stdout?.trim()
        : program,
    )
    .find(path => path && existsSync(path));
