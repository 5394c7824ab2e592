import { describe, expect, it } from 'vitest';
import type { CheckedLink } from '../../src/cli/check.ts';
import { toTable } from '../../src/cli/report.ts';

const LINK: CheckedLink = {
  url: `https://a.example/?utm_source=${'x'.repeat(300)}&utm_term=早割セール早割セール早割セール早割セール早割セール早割セール`,
  file: 'links.csv',
  line: 7,
  hops: [
    { url: 'https://a.example/', status: 301, redirect: 'http' },
    { url: `https://a.example/${'y'.repeat(200)}`, status: 200, redirect: 'meta-refresh' },
    { url: 'https://a.example/page', status: 200 },
  ],
  faults: [
    {
      code: 'too-many-redirects',
      level: 'fault',
      hop: 0,
      message: 'There are 早割セール早割セール早割セール早割セール早割セール.',
    },
    { code: 'script-redirect', level: 'note', hop: 0, message: 'A script.' },
  ],
};

/** Width of a text in a terminal, where these characters have two columns. */
const widthOf = (line: string) => line.length + (line.match(/[\u3040-\u9fff]/g)?.length ?? 0);
const linesOf = (columns: number, link = LINK) =>
  toTable([link], { columns, isColored: false }).trimEnd().split('\n');

describe('the table', () => {
  it.each([
    [80, 80],
    [100, 100],
    [300, 120],
    [20, 60],
  ])('of a terminal of %i columns has %i', (columns, width) => {
    const lines = linesOf(columns);
    expect([...new Set(lines.slice(0, -1).map(widthOf))]).toEqual([width]);
    expect(lines.join('').replace(/[│\s]/g, '')).toContain('hop3(meta)');
  });

  it('cuts nothing', () => {
    const text = linesOf(80).join('').replace(/[│\s]/g, '');
    expect(text).toContain(LINK.url.slice(0, 200));
    expect(text.match(/早割セール/g)).toHaveLength(11);
  });

  it('lets no link steer the terminal', () => {
    const text = toTable([{ ...LINK, url: 'https://a.example/\u001B[2J\u202E\r\n' }], {
      columns: 80,
      isColored: false,
    });
    expect(text).not.toMatch(/[\u001B\u202E\r]/);
  });

  it('has colours where they are wanted, and the same text', () => {
    const text = toTable([LINK], { columns: 80, isColored: true });
    expect(text).toContain('\u001B[31mtoo-many-redirects\u001B[39m');
    expect(text).toContain('\u001B[33mscript-redirect\u001B[39m');
    expect(text.replace(/\u001B\[\d+m/g, '')).toBe(toTable([LINK], { columns: 80, isColored: false }));
  });
});
