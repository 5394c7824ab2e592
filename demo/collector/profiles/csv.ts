import { stringify } from 'csv-stringify/sync';

/**
 * Writes rows as CSV for spreadsheets. A text that a spreadsheet would run as a formula gets an apostrophe before it. A
 * line break within a text begins no row: the text is quoted.
 */
export const toCsv = (rows: readonly (readonly unknown[])[]): string =>
  stringify(rows as unknown[][], {
    escape_formulas: true,
    record_delimiter: '\r\n',
    // The library quotes what holds a whole delimiter of records, and a spreadsheet takes half of one.
    quoted_match: /[\r\n;\t]/,
  });
