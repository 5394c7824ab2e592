import { afterEach, describe, expect, inject, it, vi } from 'vitest';
import { createCollector } from '../../../../demo/collector/app.ts';
import type { Database } from '../../../../demo/collector/database/database.ts';
import { migrate, preparePartitions, prepareSearch } from '../../../../demo/collector/database/migrate.ts';
import { openPGlite } from '../../../../demo/collector/database/pglite.ts';
import { openPostgres } from '../../../../demo/collector/database/postgres.ts';
import { STEPS } from '../../../../demo/collector/database/schema.ts';
import { databaseImage } from '../../database-image.ts';
import { createDatabase } from '../../postgres-server.ts';
import { READ_TOKEN } from '../use-collector.ts';

/** Milliseconds for a test: PGlite takes long for hundreds of tables on a busy machine. */
const PATIENT = 600_000;

/** The steps of the version before there were partitions. A step is never changed, so that these are its DDL. */
const FORMER = STEPS.slice(0, 9);
const TABLES = ['profiles', 'aliases', 'updates', 'actions', 'api_calls'] as const;
const PARTITIONS = 3;

const server = inject('postgres');
const opened: Database[] = [];
afterEach(async () => {
  vi.restoreAllMocks();
  for (const database of opened.splice(0)) await database.close();
});

/** Opens a database of the former version with so many rows in each table, of months and of wrong clocks. */
async function openFormer(rows: number): Promise<Database> {
  const database = server
    ? openPostgres({ url: await createDatabase(server) })
    : await openPGlite({ image: await databaseImage('bare') });
  opened.push(database);
  await migrate(database, FORMER);
  for (const statement of FILL) await database.query(statement, [rows]);
  await database.query(`insert into applications values ('old')`);
  return database;
}

const TIME = `case n when 1 then '1970-01-01' when 2 then '9999-12-31' else now() - n * interval '1 hour' end`;
const FILL = [
  `insert into profiles (application_id, kind, id, campaign, metadata, search_text, channel, size, created_time, modified_time)
   select 'old', case when n % 3 = 0 then 'user' when n % 50 = 4 then 'company' else 'anonymous' end, 'id-' || n,
     '{"utm_source": "news"}', jsonb_build_object('n', n), 'id-' || n, 'Email', 40, now() - interval '3 years', now()
   from generate_series(1, $1::int) n`,
  `insert into aliases (application_id, profile_kind, profile_id, name, digest, value, created_time)
   select 'old', 'user', 'id-' || n, 'session_token', encode(sha256(('token-' || n)::bytea), 'hex'), 'token-' || n, now()
   from generate_series(3, $1::int, 3) n`,
  `insert into updates (application_id, kind, id, time, entry_id, received_time, body)
   select 'old', 'user', 'id-' || n % 60, (${TIME})::timestamptz, 'entry-' || n, now(), jsonb_build_object('n', n)
   from generate_series(1, $1::int) n`,
  `insert into actions (application_id, transaction_id, kind, id, time, action_name, request, metadata)
   select 'old', 'action-' || n, 'user', 'id-' || n % 60, (${TIME})::timestamptz, 'Ordered', '{}', '{"value": 5}'
   from generate_series(1, $1::int) n`,
  `insert into api_calls (application_id, transaction_id, kind, id, time, received_time, weight, content)
   select 'old', 'call-' || n, 'user', 'id-' || n % 60, (${TIME})::timestamptz, now(), 1, '{"request": {}}'
   from generate_series(1, $1::int) n`,
];

const partition = async (database: Database) => {
  await migrate(database);
  await preparePartitions(database, PARTITIONS);
  await prepareSearch(database);
};

/** Every row of every table, as text. */
async function rowsOf(database: Database): Promise<Record<string, string[]>> {
  const tables: Record<string, string[]> = {};
  for (const table of TABLES) {
    const { rows } = await database.query<{ row: string }>(
      `select to_jsonb(t)::text as row from ${table} t order by row`,
    );
    tables[table] = rows.map(({ row }) => row);
  }
  return tables;
}

const ANSWERS = [
  '/profiles?limit=1000',
  '/profiles?q=id-14&sort=name',
  '/profile?user_id=id-3',
  '/timeline?user_id=id-3&limit=1000',
  '/timeline?user_id=id-3&limit=5',
  '/campaigns',
  '/export?user_id=id-3&application_id=old',
  '/export?session_token=token-9&application_id=old',
  '/conversions?platform=google&action=Ordered&from=2000-01-01&to=2100-01-01',
];

async function answersOf(database: Database): Promise<string[]> {
  const app = createCollector({ database, readToken: READ_TOKEN });
  const answers: string[] = [];
  for (const path of ANSWERS) {
    const answer = await app.request(path, { headers: { Authorization: `Bearer ${READ_TOKEN}` } });
    expect(answer.status, path).toBe(200);
    // An export says when it was made.
    answers.push((await answer.text()).replace(/"exported_time":"[^"]*"/, ''));
  }
  return answers;
}

const kindOf = async (database: Database, table: string) =>
  (
    await database.query<{ kind: string }>(
      'select relkind as kind from pg_class where oid = to_regclass($1)',
      [table],
    )
  ).rows[0]?.kind;

/** Counts the statements that go through a database, and cuts it off after so many that match. */
function watched(database: Database, pattern: RegExp, end = Number.POSITIVE_INFINITY) {
  let count = 0;
  const query: Database['query'] = (statement, parameters) => {
    if (pattern.test(statement) && ++count > end)
      return Promise.reject(Object.assign(new Error('The server was killed.'), { code: '57P01' }));
    return database.query(statement, parameters);
  };
  const watching: Database = {
    query,
    read: (statement, parameters) => database.read(statement, parameters),
    transaction: work => database.transaction(work),
    close: () => database.close(),
  };
  return { database: watching, count: () => count };
}

const SLICE = /for key share/;

describe.skipIf(server === '')('a database of the former version', { timeout: PATIENT }, () => {
  it('is partitioned with each row as it was, and answers as it did', async () => {
    const database = await openFormer(2100);
    const [rows, answers] = [await rowsOf(database), await answersOf(database)];
    await partition(database);
    expect(await rowsOf(database)).toEqual(rows);
    expect(await answersOf(database)).toEqual(answers);
    for (const table of TABLES) expect(await kindOf(database, table), table).toBe('p');
    // The months that there are rows of have a partition each, and none is left over.
    const { rows: left } = await database.query(
      `select 1 from pg_class where relname like '%\\_partitioned%' and relname not like 'pg\\_%' union all select 1 from pg_trigger
       union all select 1 from pg_index where not indisvalid`,
    );
    expect(left).toEqual([]);
    const { rows: places } = await database.query<{ place: string; count: number }>(
      `select case when tableoid::regclass::text like '%default' then 'default'
           when tableoid::regclass::text like '%before%' then 'before' else 'a month' end as place, count(*)::int as count
       from updates group by place order by place`,
    );
    expect(places.map(({ place }) => place)).toEqual(['a month', 'before', 'default']);
    expect(places.find(({ place }) => place === 'default')?.count).toBe(1);
  });

  it('drops an action for the second time that it had before, whatever time it says', async () => {
    const database = await openFormer(30);
    await partition(database);
    const app = createCollector({ database, readToken: READ_TOKEN });
    for (const transactionId of ['action-9', 'new', 'new']) {
      const answer = await app.request('/v1/actions', {
        method: 'POST',
        headers: { 'X-Moesif-Application-Id': 'old' },
        body: JSON.stringify({
          action_name: 'Ordered again',
          transaction_id: transactionId,
          user_id: `of-${transactionId}`,
          request: { uri: '/', time: new Date(Date.now() - Math.random() * 1e11).toISOString() },
        }),
      });
      expect(answer.status).toBe(201);
    }
    const { rows } = await database.query(
      `select transaction_id from actions where action_name = 'Ordered again'`,
    );
    expect(rows).toEqual([{ transaction_id: 'new' }]);
  });

  it('goes on where it was, once its process was killed, and loses nothing that others write', async () => {
    const database = await openFormer(2300);
    const killed = watched(database, SLICE, 2);
    await expect(partition(killed.database)).rejects.toThrow('The server was killed.');
    expect(await kindOf(database, 'updates')).toBe('r');
    // As a process of the former version does, which runs on.
    await database.query(
      `insert into updates (application_id, kind, id, time, entry_id, received_time, body)
       select 'old', 'user', id, now(), 'late', now(), '{}' from unnest(array['aa', 'id-5', 'zz']) id`,
    );
    await database.query(`delete from updates where entry_id in ('entry-3', 'entry-2299')`);
    const rows = await rowsOf(database);
    await database.query('delete from schema_lease');
    const again = watched(database, SLICE);
    await partition(again.database);
    expect(await rowsOf(database)).toEqual(rows);
    // Two slices of the updates were copied before. The last of each table is empty.
    const [updates, actions, calls, profiles, aliases, transactions] = [2, 4, 4, 4, 2, 6];
    expect(again.count()).toBe(updates + actions + calls + profiles + aliases + transactions);
  });

  it('is written to while it is partitioned: nothing is lost, and nothing that was deleted comes back', async () => {
    const database = await openFormer(2400);
    await migrate(database);
    const app = createCollector({ database, readToken: READ_TOKEN });
    const send = (method: string, path: string, body?: object) =>
      app.request(path, {
        method,
        headers: { 'X-Moesif-Application-Id': 'old', Authorization: `Bearer ${READ_TOKEN}` },
        ...(body && { body: JSON.stringify(body) }),
      });
    let isDone = false;
    const partitioned = partition(database).finally(() => {
      isDone = true;
    });
    let sent = 0;
    for (; !isDone || sent < 20; sent++) {
      const answers = await Promise.all([
        send('POST', '/v1/users', { user_id: `new-${sent}`, anonymous_id: `of-${sent}` }),
        send('POST', '/v1/users', { user_id: `id-${2400 - 3 * sent}`, metadata: { late: sent } }),
        send('POST', '/v1/actions', { action_name: 'Late', user_id: `new-${sent}`, request: { uri: '/' } }),
        send('DELETE', `/v1/users?application_id=old&user_id=id-${3 + 3 * sent}`),
      ]);
      expect(answers.map(({ status }) => Math.floor(status / 100))).toEqual([2, 2, 2, 2]);
    }
    await partitioned;
    const count = async (condition: string) =>
      (await database.query<{ count: number }>(`select count(*)::int as count from ${condition}`)).rows[0]
        ?.count;
    expect(await count(`profiles where id like 'new-%'`)).toBe(sent);
    expect(await count(`updates where id like 'new-%'`)).toBe(sent);
    expect(await count(`actions where action_name = 'Late'`)).toBe(sent);
    expect(await count(`profiles where metadata ? 'late'`)).toBe(sent);
    const deleted = Array.from({ length: sent }, (_, n) => `'id-${3 + 3 * n}'`).join();
    for (const table of ['profiles', 'updates', 'actions', 'api_calls'])
      expect(await count(`${table} where kind = 'user' and id in (${deleted})`), table).toBe(0);
  });

  it('stays as it is with PARTITIONS=0, and where the database knows no partitions, which is said', async () => {
    const database = await openFormer(10);
    await migrate(database);
    await preparePartitions(database, 0);
    expect(await kindOf(database, 'updates')).toBe('r');
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
    const { database: other } = watched(database, /./);
    other.transaction = work =>
      database.transaction(query =>
        work((statement, parameters) =>
          /partition by/.test(statement)
            ? Promise.reject(Object.assign(new Error('no partitions'), { code: '0A000' }))
            : query(statement, parameters),
        ),
      );
    await preparePartitions(other, PARTITIONS);
    expect(warn.mock.calls).toEqual([
      [expect.stringMatching(/not partitioned \(no partitions\).*PARTITIONS=0/)],
    ]);
    expect(await kindOf(database, 'updates')).toBe('r');
    expect(await kindOf(database, 'updates_partitioned')).toBeUndefined();
  });
});
