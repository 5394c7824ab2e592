import { Readable } from 'node:stream';
import { type Context, Hono } from 'hono';
import { notifyOfDeletion } from '../database/change-feed.ts';
import type { Change } from '../database/change-payload.ts';
import type { Database } from '../database/database.ts';
import { deletePerson } from '../database/deletion.ts';
import { readPerson } from '../database/export.ts';
import type { PersonQuery } from '../database/person.ts';
import type { Writer } from '../database/writer.ts';
import { HttpError, throwBadRequest } from '../http-error.ts';
import { readQuery } from './request.ts';

const PERSON_IDS = ['user_id', 'anonymous_id', 'session_token'] as const;

/** What can be deleted by its path, and the ids by which it is named. */
export const DELETABLE = { '/v1/users': PERSON_IDS, '/v1/companies': ['company_id'] } as const;

/** The paths of `DELETABLE`. */
export const DELETABLE_PATHS = Object.keys(DELETABLE) as (keyof typeof DELETABLE)[];

/** The dependencies of the routes. */
export interface PersonDependencies {
  database: Database;
  writer: Writer;
  publish(change: Change): void;
}

/**
 * Creates `DELETE /v1/users`, `DELETE /v1/companies` and `GET /export`: all that is stored of one person or company is
 * deleted, or of one person returned.
 */
export function createPersonRoutes({ database, writer, publish }: PersonDependencies): Hono {
  const app = new Hono();

  for (const path of DELETABLE_PATHS) {
    app.delete(path, async c => {
      const query = await readPersonQuery(c, database, DELETABLE[path]);
      const { applicationId } = query;
      const { keys, ...counts } = await deletePerson(database, query);
      writer.forget(applicationId, keys);
      const isNobody = keys.length === 0 && Object.values(counts).every(count => count === 0);
      if (isNobody) throw nobody(query);
      const idsOf = (kind: string) => keys.filter(key => key.kind === kind).map(({ id }) => id);
      const [[user_id = null], anonymous_ids] = [idsOf('user'), idsOf('anonymous')];
      publish({ application_id: applicationId, user_id, anonymous_id: anonymous_ids[0] ?? null });
      await notifyOfDeletion(database);
      const { aliases, updates } = counts;
      const deleted =
        query.name === 'company_id'
          ? { company_id: query.value, profiles: keys.length, aliases, updates }
          : { user_id, anonymous_ids, profiles: keys.length, ...counts };
      return c.json({ deleted: { application_id: applicationId, ...deleted } });
    });
  }

  app.get('/export', async c => {
    const query = await readPersonQuery(c, database, PERSON_IDS);
    // A status can tell of nobody only before the file has begun.
    for await (const { rows } of readPerson(database, query))
      if (rows.length > 0) return sendFile(c, query, database);
    throw nobody(query);
  });

  return app;
}

function sendFile(c: Context, query: PersonQuery, database: Database): Response {
  const time = new Date().toISOString();
  const file = Readable.from(toFile(time, query, database), { objectMode: false });
  // What fails midway breaks the connection off: half a file must not pass for a whole one.
  return c.body(Readable.toWeb(file) as ReadableStream, 200, {
    'Content-Type': 'application/json; charset=utf-8',
    'Content-Disposition': `attachment; filename="person-${time.slice(0, 10)}.json"`,
  });
}

/** Writes the file page by page: a timeline may be longer than what fits into memory. */
async function* toFile(time: string, query: PersonQuery, database: Database): AsyncGenerator<Buffer> {
  const { applicationId, name, value } = query;
  const head = { exported_time: time, application_id: applicationId, asked_for: { [name]: value } };
  let text = JSON.stringify(head).slice(0, -1);
  let table: string | undefined;
  for await (const page of readPerson(database, query)) {
    const isNext = page.name !== table;
    if (isNext) text += `${table === undefined ? '' : ']'},\n${JSON.stringify(page.name)}: [`;
    table = page.name;
    const rows = page.rows.map(row => `\n  ${JSON.stringify(row)}`).join(',');
    yield Buffer.from(`${text}${isNext || rows === '' ? '' : ','}${rows}`);
    text = '';
  }
  yield Buffer.from(`${text}]}\n`);
}

/** Reads whom a request is about, by one of these ids: one alone, so that a mistake never takes another along. */
export async function readPersonQuery(
  c: Context,
  database: Database | undefined,
  ids: readonly PersonQuery['name'][],
): Promise<PersonQuery> {
  const given = ids.filter(name => c.req.queries(name)?.some(Boolean));
  const [name] = given;
  if (name === undefined || given.length > 1 || (c.req.queries(name)?.length ?? 0) > 1) {
    const [only, ...others] = ids.toReversed();
    const names = others.length > 0 ? `One of ${others.toReversed().join(', ')} and ${only}` : only;
    return throwBadRequest(`${names} is needed, once.`);
  }
  const applicationId =
    readQuery(c, 'application_id') ||
    c.req.header('X-Moesif-Application-Id')?.trim() ||
    (await onlyApplication(database));
  return { applicationId, name, value: readQuery(c, name) ?? '' };
}

async function onlyApplication(database: Database | undefined): Promise<string> {
  if (!database)
    return throwBadRequest('application_id is needed, as this process has no database.', 'application_id');
  // Not `read`: a deletion depends on it.
  const { rows } = await database.query<{ application_id: string }>(
    'select application_id from applications limit 2',
  );
  const [only, other] = rows;
  if (only && other)
    throwBadRequest('application_id is needed, as there are several applications.', 'application_id');
  return only?.application_id ?? '';
}

const nobody = ({ name }: PersonQuery) =>
  new HttpError(
    404,
    `Nothing is stored of a ${name === 'company_id' ? 'company' : 'person'} with this ${name}.`,
  );
