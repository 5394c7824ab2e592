import { describe, expect, it } from 'vitest';
import { fill, staleLines } from '../../docs/tables/markers.ts';
import { type Result, replaceResults } from '../../e2e/delivery/results.ts';

const contents = { sizes: () => '| new |', size: () => '12 KB' };
const page = (table: string, figure: string) =>
  `Has <!-- figure: size -->${figure}<!-- /figure -->.\n\n<!-- table: sizes -->\n\n${table}\n\n<!-- /table -->\n`;

describe('a page', () => {
  it('gets what is known between its markers, and keeps everything else', () => {
    expect(fill('a.md', page('| old |', '9 KB'), contents)).toBe(page('| new |', '12 KB'));
    expect(fill('a.md', page('| new |', '12 KB'), contents)).toBe(page('| new |', '12 KB'));
  });

  it('is refused by its name where a marker is not known or not closed', () => {
    expect(() => fill('a.md', '<!-- table: x --><!-- /table -->', contents)).toThrow(/a\.md: .* "x"/);
    expect(() => fill('a.md', '<!-- table: sizes -->', contents)).toThrow('a.md: a marker is not closed.');
  });

  it('is told stale by the lines that differ', () => {
    expect(staleLines('a\n| old |\nb', 'a\n| new |\nb')).toEqual(['- | old |', '+ | new |']);
    expect(staleLines('a', 'a')).toEqual([]);
  });
});

it('a new result replaces that of the same scenario and build, and all others stay', () => {
  const row = { runs: 20, n: 20, delivered: 20, outOfOrder: 0, duplicates: 0, repeats: 0 };
  const result = (scenario: string, build: string, date: string): Result => ({
    scenario,
    build,
    date,
    ...row,
  });
  const older = [result('503', 'script tag', '2026-01-01'), result('503', 'npm', '2026-01-01')];
  const newer = [result('503', 'npm', '2026-02-02'), result('429', 'npm', '2026-02-02')];
  expect(replaceResults(older, newer)).toEqual([older[0], ...newer]);
});
