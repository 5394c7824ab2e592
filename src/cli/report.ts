import Table, { type Cell } from 'cli-table3';
import { createColors } from 'picocolors';
import wrapAnsi from 'wrap-ansi';
import type { CheckedLink, Credit } from './check.ts';
import type { Fault, Hop } from './types.ts';

export interface ReportOptions {
  /** Width of the terminal, in columns. */
  columns: number;
  isColored: boolean;
}

/** Counts of a run. */
export interface Summary {
  links: number;
  /** Links that have a fault. */
  faulty: number;
  faults: number;
  notes: number;
}

/** The widest kind of a fault: `too-many-redirects`, `control-characters`. */
const KIND = 18;

/** Returns the counts of a run. */
export function summarize(links: readonly CheckedLink[]): Summary {
  const count = (level: Fault['level']) =>
    links.flatMap(({ faults }) => faults.filter(each => each.level === level));
  const faulty = links.filter(({ faults }) => faults.some(({ level }) => level === 'fault')).length;
  return { links: links.length, faulty, faults: count('fault').length, notes: count('note').length };
}

/** Writes what a program reads. */
export const toJson = (links: readonly CheckedLink[]): string =>
  `${JSON.stringify({ summary: summarize(links), links }, undefined, 2)}\n`;

/** Writes a table for people: for each link its address, its way, what is wrong, and what is credited. */
export function toTable(links: readonly CheckedLink[], { columns, isColored }: ReportOptions): string {
  const { bold, dim, green, red, yellow } = createColors(isColored);
  const width = Math.min(Math.max(columns, 60), 120);
  // Three borders, and a blank on each side of the text.
  const table = new Table({
    colWidths: [KIND + 2, width - KIND - 5],
    style: { head: [], border: [] },
  });
  const inner = width - 4;
  for (const { url, file, line, hops, credit, faults } of links) {
    const place = file ? `${file}${line ? `:${line}` : ''}  ` : '';
    const address = breakUp(place + plain(url), inner).map(each => bold(each));
    table.push([{ colSpan: 2, content: address.join('\n') } as Cell]);
    const [kinds, texts]: [string[], string[]] = [[], []];
    const add = (kind: string, text: string) => {
      const lines = breakUp(plain(text), width - KIND - 7);
      texts.push(...lines);
      kinds.push(kind, ...lines.slice(1).fill(''));
    };
    for (const [index, hop] of hops.entries())
      if (index) add(dim(`hop ${index + 1} (${wayOf(hops[index - 1])})`), hop.url);
    for (const { code, level, message } of faults) add(level === 'fault' ? red(code) : yellow(code), message);
    if (credit) add(green('credited'), creditLine(credit));
    table.push([kinds.join('\n'), texts.join('\n')]);
  }
  return `${table.toString()}\n${summaryLine(links)}\n`;
}

/** How an address leads to the next one, in a word. */
const wayOf = ({ redirect, status }: Hop = { url: '' }) =>
  redirect === 'http' ? `${status}` : redirect?.replace(/-?refresh-?/, '');

function creditLine({ rule, campaign, clickIds }: Credit): string {
  const pairs = Object.entries({ ...campaign, ...clickIds }).map(([key, value]) => `${key}=${value}`);
  return `${pairs.join(', ') || 'nothing'} (rule ${rule})`;
}

function summaryLine(links: readonly CheckedLink[]): string {
  const { links: all, faulty, faults, notes } = summarize(links);
  const of = (count: number, word: string) => `${count} ${word}${count === 1 ? '' : 's'}`;
  return `${of(all, 'link')}, ${faulty} with faults: ${of(faults, 'fault')}, ${of(notes, 'note')}.`;
}

/** Removes control characters, by which a link could steer the terminal. */
const plain = (text: string) => text.replace(/[\p{Cc}\p{Bidi_Control}]+/gu, ' ');

/** Breaks a text into lines: between words, and within words that are longer than a line. */
const breakUp = (text: string, width: number) => wrapAnsi(text, width, { hard: true }).split('\n');
