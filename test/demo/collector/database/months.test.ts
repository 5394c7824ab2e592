import { describe, expect, it, vi } from 'vitest';
import { createCollector } from '../../../../demo/collector/app.ts';
import type { Database } from '../../../../demo/collector/database/database.ts';
import { dropMonths, ensureMonths, monthOf, TIMELINES } from '../../../../demo/collector/database/months.ts';
import { deleteExpired } from '../../../../demo/collector/database/retention.ts';
import { READ_TOKEN, useCollector } from '../use-collector.ts';

const collector = useCollector();
const { tenant } = collector;

/** The first moment of the month so many months from now. */
const month = (later: number) => monthOf(Date.now(), later);
const nameOf = (table: string, later: number) =>
  `${table}_${month(later).toISOString().slice(0, 7).replace('-', '_')}`;

/** Writes an entry of each timeline at a time, as a process with any clock may. */
async function writeAt(applicationId: string, time: Date): Promise<void> {
  const parameters = [applicationId, time];
  await collector.database.query(
    `insert into updates (application_id, kind, id, time, entry_id, received_time, body)
     values ($1, 'user', 'u', $2, 'e', now(), '{}')`,
    parameters,
  );
  await collector.database.query(
    `insert into actions (application_id, transaction_id, kind, id, time, action_name, request, metadata)
     values ($1, 't', 'user', 'u', $2, 'Did', '{}', '{}')`,
    parameters,
  );
  await collector.database.query(
    `insert into api_calls (application_id, transaction_id, kind, id, time, received_time, weight, content)
     values ($1, 't', 'user', 'u', $2, now(), 1, '{}')`,
    parameters,
  );
}

/** The partition of each timeline that an application's entries are in: the month's, and not its part. */
async function placesOf(applicationId: string): Promise<string[]> {
  const places: string[] = [];
  for (const table of TIMELINES) {
    const { rows } = await collector.database.query<{ place: string }>(
      `select distinct regexp_replace(tableoid::regclass::text, '_part_\\d+$', '') as place
       from ${table} where application_id = $1 order by place`,
      [applicationId],
    );
    places.push(...rows.map(({ place }) => place));
  }
  return places;
}

/** The partitions that there are, of those with these names. */
async function present(names: string[]): Promise<string[]> {
  const { rows } = await collector.database.query<{ name: string }>(
    `select relname as name from pg_class where relname in (select jsonb_array_elements_text($1::jsonb)) order by relname`,
    [JSON.stringify(names)],
  );
  return rows.map(({ name }) => name);
}

const inEach = (later: number) => TIMELINES.map(table => nameOf(table, later));

describe('the months of a timeline', () => {
  it('take a time of any clock, and what a month would have had goes to it when it is created', async () => {
    const [now, past, future, early] = [tenant().id, tenant().id, tenant().id, tenant().id];
    await writeAt(now, new Date());
    await writeAt(past, new Date(0));
    await writeAt(future, new Date('9999-12-31'));
    await writeAt(early, new Date(month(5).getTime() + 1));
    expect(await placesOf(now)).toEqual(inEach(0));
    expect(await placesOf(past)).toEqual(TIMELINES.map(table => `${table}_before`));
    const defaults = TIMELINES.map(table => `${table}_default`);
    expect(await placesOf(future)).toEqual(defaults);
    expect(await placesOf(early)).toEqual(defaults);
    await ensureMonths(collector.database, { partitions: 2, now: month(4).getTime() });
    expect(await placesOf(early)).toEqual(inEach(5));
    expect(await placesOf(future)).toEqual(defaults);
  });

  it('are created once, by however many processes at once', async () => {
    const others = collector.isShared ? [await collector.another(), await collector.another()] : [];
    const databases = [collector.database, ...others.map(({ database }) => database)];
    await Promise.all(
      databases.map(database => ensureMonths(database, { partitions: 4, now: month(7).getTime() })),
    );
    expect(await present([...inEach(7), ...inEach(8)])).toEqual([...inEach(7), ...inEach(8)].sort());
    for (const other of others) await other.close();
  });
});

describe('retention', () => {
  it('drops a month that has ended as a whole, and deletes the rest row by row', async () => {
    const { id } = tenant();
    await ensureMonths(collector.database, { partitions: 2, now: month(1).getTime() });
    await writeAt(id, new Date(month(1).getTime() - 1));
    await writeAt(tenant().id, month(1));
    const { rows } = await collector.database.query<{ ahead: number }>(
      'select count(*)::int as ahead from updates where time >= $1',
      [month(1)],
    );
    const ahead = rows[0]?.ahead ?? 0;
    expect(ahead).toBeGreaterThan(0);
    const statements = vi.spyOn(collector.database, 'query');
    const { entries, partitions } = await deleteExpired(collector.database, month(1));
    // This month and all before it.
    expect(partitions).toBe(6);
    expect(await present(inEach(0))).toEqual([]);
    expect(await present(inEach(1))).toEqual(inEach(1).sort());
    const deleted = await Promise.all(
      statements.mock.calls.flatMap(([statement], index) =>
        /delete from (updates|actions|api_calls)/.test(statement)
          ? [statements.mock.results[index]?.value as Promise<{ rows: unknown[] }>]
          : [],
      ),
    );
    // What came before it, with times after it, and nothing of the months.
    expect(deleted.map(({ rows }) => rows.length)).toEqual([ahead, 0, ahead]);
    expect(entries).toBe(2 * ahead);
    statements.mockRestore();
    // An entry of that time finds a place still, and the next time it is deleted by itself.
    const late = tenant().id;
    await writeAt(late, new Date());
    expect(await placesOf(late)).toEqual(TIMELINES.map(table => `${table}_default`));
    expect(await deleteExpired(collector.database, month(1))).toMatchObject({ entries: 3, partitions: 0 });
    await ensureMonths(collector.database, { partitions: 2 });
    expect(await present(inEach(0))).toEqual(inEach(0).sort());
  });

  it('does not know an action any more that it has deleted, and does until then', async () => {
    const { send, post, timeline } = tenant();
    await post({ user_id: 'u' });
    const acted = async () => (await timeline('user_id=u')).filter(({ type }) => type === 'action').length;
    const act = (at: Date) =>
      send('/v1/actions', {
        action_name: 'Did',
        transaction_id: 'one',
        user_id: 'u',
        request: { uri: '/', time: at.toISOString() },
      });
    const DAY = 86_400_000;
    await act(new Date(Date.now() - 40 * DAY));
    await act(new Date());
    expect(await acted()).toBe(1);
    await deleteExpired(collector.database, new Date(Date.now() - 39 * DAY));
    await act(new Date());
    await act(new Date(Date.now() - DAY));
    expect(await acted()).toBe(1);
  });

  it.runIf(collector.isShared)('leaves a month to the next time that somebody reads for long', async () => {
    const other = await collector.another();
    const names = inEach(0);
    const held = vi.spyOn(console, 'log').mockImplementation(() => {});
    await other.database.transaction(async query => {
      await query('select 1 from updates limit 1');
      const dropped = await dropMonths(collector.database, month(1));
      expect(dropped).toBeGreaterThanOrEqual(2);
      expect(await present(names)).toEqual([nameOf('updates', 0)]);
    });
    held.mockRestore();
    await dropMonths(collector.database, month(1));
    expect(await present(names)).toEqual([]);
    await ensureMonths(collector.database, { partitions: 2 });
    await other.close();
  });
});

const FILL = [
  `insert into profiles (application_id, kind, id, campaign, channel, size, search_text, created_time, modified_time)
   select 'many', 'user', 'u' || n, jsonb_build_object('utm_source', 's' || n), 'Email', 20, 'u' || n, now(), now() - n * interval '1 second'
   from generate_series(1, 40000) n`,
  `insert into aliases (application_id, profile_kind, profile_id, name, digest, value)
   select 'many', 'user', 'u' || n, 'session_token', md5(n::text), 't' || n from generate_series(1, 40000) n`,
  `insert into updates (application_id, kind, id, time, entry_id, received_time, body)
   select 'many', 'user', 'u' || n % 20000, now() - n * interval '1 second', n::text, now(), '{}' from generate_series(1, 40000) n`,
  `insert into actions (application_id, transaction_id, kind, id, time, action_name, request, metadata)
   select 'many', n::text, 'user', 'u' || n % 20000, now() - n * interval '1 second', 'Did', '{}', '{}' from generate_series(1, 40000) n`,
  `insert into api_calls (application_id, transaction_id, kind, id, time, received_time, weight, content)
   select 'many', n::text, 'user', 'u' || n % 20000, now() - n * interval '1 second', now(), 1, '{}' from generate_series(1, 40000) n`,
  `insert into transactions (application_id, type, transaction_id, time)
   select 'many', 'action', n::text, now() from generate_series(1, 40000) n`,
  `insert into applications values ('many')`,
];

interface Node {
  'Node Type': string;
  'Relation Name'?: string;
  Plans?: Node[];
}

const readWhole = (node: Node): string[] => [
  ...(node['Node Type'] === 'Seq Scan' ? [node['Relation Name'] ?? ''] : []),
  ...(node.Plans ?? []).flatMap(readWhole),
];

describe('no statement for one person, or one page, reads a partition whole', () => {
  it.each([
    ['GET', '/profiles?limit=50'],
    ['GET', '/profiles?limit=50&utm_source=s7'],
    ['GET', '/profiles?limit=50&sort=name'],
    ['GET', '/profile?user_id=u7'],
    ['GET', '/timeline?user_id=u7'],
    ['GET', '/export?user_id=u7'],
    ['DELETE', '/v1/users?user_id=u9'],
    ['POST', '/v1/users', { user_id: 'u11', metadata: { n: 1 } }],
    ['POST', '/v1/actions', { action_name: 'Did', user_id: 'u11', request: { uri: '/' } }],
  ])('%s %s', async (method, path, body?: object) => {
    const { database } = collector;
    const { rows: filled } = await database.query(`select 1 from applications where application_id = 'many'`);
    if (filled.length === 0) {
      for (const statement of FILL) await database.query(statement);
      for (const table of ['profiles', 'aliases', 'transactions', ...TIMELINES])
        await database.query(`analyze ${table}`);
    }
    const statements: [string, unknown[]][] = [];
    const watch =
      (ask: Database['query']): Database['query'] =>
      (statement, parameters = []) => {
        statements.push([statement, parameters]);
        return ask(statement, parameters);
      };
    const app = createCollector({
      database: {
        query: watch((statement, parameters) => database.query(statement, parameters)),
        read: watch((statement, parameters) => database.read(statement, parameters)),
        transaction: work => database.transaction(work),
        close: () => database.close(),
      },
      readToken: READ_TOKEN,
    });
    const answer = await app.request(method === 'POST' ? path : `${path}&application_id=many`, {
      method,
      headers: { Authorization: `Bearer ${READ_TOKEN}`, 'X-Moesif-Application-Id': 'many' },
      ...(body && { body: JSON.stringify(body) }),
    });
    expect(answer.status).toBeLessThan(300);
    await answer.text();
    expect(statements.length).toBeGreaterThan(0);
    const { rows } = await database.query<{ name: string }>(
      `select relname as name from pg_class where relkind = 'r' and reltuples > 500`,
    );
    const large = new Set(rows.map(({ name }) => name));
    expect(large.size).toBeGreaterThan(5);
    // A total counts up to a bound, by whatever is nearest.
    for (const [statement, parameters] of statements.filter(
      ([statement]) => !/^select count/.test(statement),
    )) {
      const plan = await database.query<{ 'QUERY PLAN': [{ Plan: Node }] }>(
        `explain (format json) ${statement}`,
        parameters,
      );
      const whole = readWhole((plan.rows[0] as { 'QUERY PLAN': [{ Plan: Node }] })['QUERY PLAN'][0].Plan);
      expect(
        whole.filter(name => large.has(name)),
        statement,
      ).toEqual([]);
    }
  });
});
