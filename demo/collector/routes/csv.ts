import { Readable } from 'node:stream';
import { type Context, Hono } from 'hono';
import { countCampaigns } from '../database/campaigns.ts';
import { fromCursor } from '../database/cursor.ts';
import type { Database } from '../database/database.ts';
import { LIST_KEYS, type ListQuery, readPage } from '../database/list.ts';
import { sortOf } from '../database/sorts.ts';
import { throwBadRequest } from '../http-error.ts';
import { toCsv } from '../profiles/csv.ts';
import { cellOf, DEFAULT_COLUMNS, isColumn } from './columns.ts';
import { readDays, readFilter } from './list-query.ts';
import { readQuery } from './request.ts';

/** The number of profiles that are read at once. */
const PAGE = 500;
/** The mark by which a spreadsheet knows that the text is UTF-8. */
const MARK = '\uFEFF';
const MAX_COLUMNS = 100;
const MAX_CAMPAIGNS = 10_000;
const CAMPAIGN_COLUMNS = ['source', 'channel', 'medium', 'campaign', 'visitors', 'identified'] as const;

/**
 * Creates the routes of files for spreadsheets: `GET /profiles.csv`, with the conditions of the list and the chosen
 * columns, and `GET /campaigns.csv`.
 */
export function createCsvRoutes(database: Database): Hono {
  const app = new Hono();

  app.get('/profiles.csv', async c => {
    const { sort, ...filter } = readFilter(c);
    const columns = readColumns(c);
    // Who is updated meanwhile moves to the front of the last seen, and would be missing.
    const isMoving = sort === undefined || sort === 'last_seen';
    const rows = toRows(database, { ...filter, sort: isMoving ? 'first_seen' : sort, limit: PAGE }, columns);
    // A status can tell of a mistake only before the file has begun.
    const header = await rows.next();
    const first = await rows.next();
    const file = Readable.from(concat(header.value ?? '', first.value ?? '', rows), { objectMode: false });
    // What fails midway breaks the connection off: half a file must not pass for a whole one.
    return c.body(Readable.toWeb(file) as ReadableStream, 200, headersOf('people'));
  });

  app.get('/campaigns.csv', async c => {
    const applicationId = readQuery(c, 'application_id');
    const query = { applicationId, ...readDays(c), limit: MAX_CAMPAIGNS };
    const campaigns = await countCampaigns(database, query);
    const rows = campaigns.map(campaign => CAMPAIGN_COLUMNS.map(name => campaign[name]));
    return c.body(MARK + toCsv([CAMPAIGN_COLUMNS, ...rows]), 200, headersOf('campaigns'));
  });

  return app;
}

/** Writes the file page by page, so that no more than one is in memory. */
async function* toRows(
  database: Database,
  query: ListQuery,
  columns: readonly string[],
): AsyncGenerator<string, void, void> {
  yield toCsv([columns]);
  for (let after: string | null | undefined; after !== null; ) {
    const place = after && fromCursor(after, 'after', LIST_KEYS, sortOf(query.sort).type);
    const page = await readPage(database, { ...query, ...(place && { after: place }) });
    yield toCsv(page.profiles.map(profile => columns.map(column => cellOf(profile, column))));
    after = page.next;
  }
}

/** Puts the header and the first page, which are read already, before the rest. */
async function* concat(header: string, first: string, rest: AsyncGenerator<string, void, void>) {
  yield Buffer.from(MARK + header + first);
  for await (const text of rest) yield Buffer.from(text);
}

function readColumns(c: Context): string[] {
  const columns = readQuery(c, 'columns')?.split(',') ?? DEFAULT_COLUMNS;
  const wrong = columns.find(column => !isColumn(column));
  if (wrong !== undefined)
    throwBadRequest(
      `columns has "${wrong.slice(0, 100)}", but takes ${DEFAULT_COLUMNS.join(', ')} and metadata.<key>.`,
      'columns',
    );
  if (columns.length > MAX_COLUMNS) throwBadRequest(`columns may be at most ${MAX_COLUMNS}.`, 'columns');
  return columns;
}

const headersOf = (name: string) => ({
  'Content-Type': 'text/csv; charset=utf-8',
  'Content-Disposition': `attachment; filename="${name}-${new Date().toISOString().slice(0, 10)}.csv"`,
});
