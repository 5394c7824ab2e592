import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Load, Measured } from './load.ts';

/** A line of the report. */
export interface Line {
  what: string;
  perSecond: number;
  p50: number;
  p95: number;
  note: string;
}

/** Runs a load in a process of its own. Rejects if one of its requests failed. */
export function measure(load: Load): Promise<Measured> {
  const child = fork(fileURLToPath(new URL('load.ts', import.meta.url)));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', code => reject(new Error(`The load ended with ${code}.`)));
    child.once('message', message => {
      const measured = message as Measured;
      if (measured.failures === 0) resolve(measured);
      else reject(new Error(`${measured.failures} requests failed: ${JSON.stringify(load).slice(0, 200)}`));
    });
    child.send(load);
  });
}

/** Makes a line of what was measured, of which each request had so many items. */
export function lineOf(what: string, all: Measured[], note = '', items = 1): Line {
  const latencies = all.flatMap(one => one.latencies).sort((a, b) => a - b);
  const quantile = (share: number) => latencies[Math.floor(latencies.length * share)] ?? Number.NaN;
  const seconds = all.reduce((sum, { duration }) => sum + duration, 0) / 1000;
  return {
    what,
    perSecond: (latencies.length * items) / seconds,
    p50: quantile(0.5),
    p95: quantile(0.95),
    note,
  };
}

/** Prints lines as a table of Markdown. */
export function print(title: string, lines: Line[]): void {
  console.log(`\n**${title}**\n\n| what | per second | p50 | p95 | |\n| --- | ---: | ---: | ---: | --- |`);
  for (const { what, perSecond, p50, p95, note } of lines) {
    const numbers = [Math.round(perSecond).toLocaleString('en'), p50.toFixed(1), p95.toFixed(1)];
    console.log(`| ${what} | ${numbers.join(' | ')} | ${note} |`);
  }
}
