import { readFileSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, totalmem } from 'node:os';

const FILE = new URL('results.json', import.meta.url);

/** A paragraph, or a table whose columns but the first hold numbers. */
export type Block = string | { head: string[]; rows: (string | number)[][] };

/** What stands in a table where there is nothing to tell. */
export const NONE = '–';

/** Formats milliseconds, and kilobytes of bytes. */
export const milliseconds = (value: number): string =>
  Number.isNaN(value) ? NONE : `${value.toFixed(1)} ms`;
export const kilobytes = (bytes: number): string => `${(bytes / 1000).toFixed(0)} KB`;

/** A part of the benchmark: when and on what it was measured, and what there is to tell. */
export interface Part {
  on: string;
  blocks: Block[];
}

/** Tells when and on what a part was measured, and how much else ran there: one process at work is a load of 1. */
export function circumstances(chromium: string): string {
  const [cpu] = cpus();
  const memory = Math.round(totalmem() / 2 ** 30);
  const [, , load = 0] = loadavg();
  const day = new Date().toISOString().slice(0, 10);
  return `${day}, Chromium ${chromium}, Node ${process.versions.node}, ${cpus().length} cores of ${cpu?.model}, ${memory} GB, load ${load.toFixed(1)}`;
}

/** The parts as they were measured last, by name: docs/benchmark.md is made of them. */
export const readParts = (): Record<string, Part> => JSON.parse(readFileSync(FILE, 'utf8'));

/** Puts a part in the place of its last measurement. */
export function savePart(name: string, part: Part): void {
  const text = JSON.stringify({ ...readParts(), [name]: part }, null, 2);
  // A row of a table is a line.
  const rows = text.replace(/\[\s+([^[\]{}]*?)\s+\]/g, (_, row) => `[${row.replace(/\n\s*/g, ' ')}]`);
  writeFileSync(FILE, `${rows}\n`);
}
