import { parse } from 'csv-parse/sync';
import { tryOrUndefined } from '../shared/try-or-undefined.ts';

/** A link to be checked, and where it stands. */
export interface Link {
  url: string;
  file?: string;
  /** Line of the file, from 1. */
  line?: number;
}

/** A record of the file, and the line that it begins at. */
interface Row {
  cells: string[];
  line: number;
}

/** Names of columns that hold links: `URL`, `Final URL`, `landing_page`, `Link`. */
const HEADER = /(^|[^a-z])(urls?|links?|href|address|landing[ _-]?page)([^a-z]|$)/i;

const DELIMITERS = [',', ';', '\t', '|'];

/** Checks whether a cell holds the address of a page. */
export const isLink = (text: string): boolean => /^https?:\/\//i.test(text) && URL.canParse(text);

/**
 * Reads the links of a CSV file: any of the usual delimiters, quotes, line ends and byte order marks, with or without
 * a header. They stand in the column of that name, or else in the one that a header calls a link, or that has most.
 *
 * @param bytes The file, in UTF-8 or UTF-16 with a byte order mark.
 * @param column The header of the column. Default: the column is found.
 * @throws Error with a sentence that tells the fix: there are no links, or no such column.
 */
export function readLinks(bytes: Uint8Array, column?: string): Omit<Link, 'file'>[] {
  const rows = parseRows(decode(bytes));
  const head = rows[0]?.cells ?? [];
  const width = Math.max(0, ...rows.map(({ cells }) => cells.length));
  const columns = Array.from({ length: width }, (_, index) => ({
    index,
    links: rows.filter(({ cells }) => isLink(cells[index] ?? '')).length,
    isNamed: HEADER.test(head[index] ?? '') && !isLink(head[index] ?? ''),
  }));
  const wanted = column?.trim().toLowerCase();
  const found = wanted
    ? columns.find(({ index }) => head[index]?.toLowerCase() === wanted)
    : columns
        .filter(({ links }) => links > 0)
        .sort((a, b) => Number(b.isNamed) - Number(a.isNamed) || b.links - a.links)[0];
  if (!found)
    throw new Error(
      wanted
        ? `has no column ${column}; it has ${head.join(', ')}`
        : 'has no column of links; one has to begin with http:// or https://',
    );
  const hasHeader =
    !isLink(head[found.index] ?? '') && (wanted || found.isNamed || !looksLikeLink(head[found.index]));
  return rows.slice(hasHeader ? 1 : 0).flatMap(({ cells, line }) => {
    const url = cells[found.index] ?? '';
    return url ? [{ url, line }] : [];
  });
}

/** Checks whether a cell was meant as a link: a header is one word or several, without an address's signs. */
const looksLikeLink = (text = '') => /[/?]|\w\.\w/.test(text);

/** Reads the text. Excel writes UTF-16 where it says "Unicode". */
function decode(bytes: Uint8Array): string {
  const isUtf16 = bytes[0] === 0xff && bytes[1] === 0xfe;
  return new TextDecoder(isUtf16 ? 'utf-16le' : 'utf-8').decode(bytes);
}

/**
 * Parses by the delimiter that makes the most of the header, or without one by that which makes the most rows as wide as
 * the first.
 */
function parseRows(text: string): Row[] {
  const parsed = DELIMITERS.flatMap(delimiter => {
    const rows = tryOrUndefined(() => parseBy(text, delimiter));
    if (!rows) return [];
    const first = rows[0]?.cells ?? [];
    const even = rows.filter(({ cells }) => cells.length === first.length).length;
    return [{ rows, even, width: first.length, header: first.some(looksLikeLink) ? 0 : first.length }];
  });
  const [best] = parsed.sort((a, b) => b.header - a.header || b.even - a.even || b.width - a.width);
  if (!best) throw new Error('is no CSV file: a quote is not closed');
  return best.rows;
}

function parseBy(text: string, delimiter: string): Row[] {
  // Of line ends of two characters the parser counts those within quotes twice.
  const records = parse(text.replace(/\r\n?/g, '\n'), {
    delimiter,
    info: true,
    relax_column_count: true,
    // A quote within a cell is a character: an inch, or a link copied from HTML.
    relax_quotes: true,
    skip_empty_lines: true,
    trim: true,
  }) as unknown as { record: string[]; info: { lines: number } }[];
  return records.map(({ record, info }) => ({
    cells: record,
    // The parser counts the line that a record ends at.
    line: info.lines - record.join('').split('\n').length + 1,
  }));
}
