import { afterEach, describe, expect, inject, it, vi } from 'vitest';
import { createCollector } from '../../../../demo/collector/app.ts';
import type { CampaignCount } from '../../../../demo/collector/database/campaigns.ts';
import type { Database } from '../../../../demo/collector/database/database.ts';
import { createIndex, createSearchIndex } from '../../../../demo/collector/database/indexes.ts';
import type { Page } from '../../../../demo/collector/database/list.ts';
import { migrate, prepareSearch } from '../../../../demo/collector/database/migrate.ts';
import { openPGlite } from '../../../../demo/collector/database/pglite.ts';
import { openPostgres } from '../../../../demo/collector/database/postgres.ts';
import { STEPS } from '../../../../demo/collector/database/schema.ts';
import { databaseImage } from '../../database-image.ts';
import { createDatabase } from '../../postgres-server.ts';
import { READ_TOKEN } from '../use-collector.ts';

/** The steps of version 0.1.0, and those that give it its columns. */
const OLD = STEPS.slice(0, 4);
const WITH_COLUMNS = STEPS.slice(0, 5);

const server = inject('postgres');
const opened: Database[] = [];
afterEach(async () => {
  vi.restoreAllMocks();
  for (const database of opened.splice(0)) await database.close();
});

async function open(steps: typeof STEPS): Promise<Database> {
  const database = server
    ? openPostgres({ url: await createDatabase(server) })
    : await openPGlite({ image: await databaseImage('bare') });
  opened.push(database);
  await migrate(database, steps);
  return database;
}

const FILL = `
  insert into profiles (application_id, kind, id, merged_into, campaign, metadata, search_text, created_time, modified_time)
  select 'old', case when n % 3 = 0 then 'user' when n % 100 = 4 then 'company' else 'anonymous' end, 'id-' || n,
    case when n % 300 = 1 then 'id-3' end,
    case when n = 5 then jsonb_build_object('utm_source', repeat('x', 1000000), 'gclid', repeat('y', 5000))
      else jsonb_build_object('utm_source', 's' || n % 5, 'utm_medium', 'email') end,
    case when n % 7 = 0 then '{"channel": "Partner"}' when n % 7 = 1 then '{"channel": 5}' else '{}' end::jsonb,
    'id-' || n, '2024-01-01'::timestamptz + n * interval '1 hour', now()
  from generate_series(1, $1::int) n`;

/** The number of people among so many rows. */
const peopleOf = (rows: number) =>
  Array.from({ length: rows }, (_, n) => n + 1).filter(n => n % 300 !== 1 && (n % 3 === 0 || n % 100 !== 4))
    .length;

const get = async <Answer>(database: Database, path: string) => {
  const headers = { Authorization: `Bearer ${READ_TOKEN}` };
  return (await (
    await createCollector({ database, readToken: READ_TOKEN }).request(path, { headers })
  ).json()) as Answer;
};
const campaignsOf = async (database: Database) =>
  (await get<{ campaigns: CampaignCount[] }>(database, '/campaigns?limit=10000')).campaigns;
const sum = (campaigns: CampaignCount[], of: 'visitors' | 'identified') =>
  campaigns.reduce((all, campaign) => all + campaign[of], 0);

describe.skipIf(server === '')('an existing database', () => {
  it('is filled and indexed: all that the list and the counts read is there', async () => {
    const database = await open(OLD);
    await database.query(FILL, [2500]);
    await database.query(`insert into applications values ('old')`);
    await migrate(database);
    await prepareSearch(database);
    const campaigns = await campaignsOf(database);
    expect(sum(campaigns, 'visitors')).toBe(peopleOf(2500));
    expect(sum(campaigns, 'identified')).toBe(833);
    expect(new Set(campaigns.map(({ channel }) => channel))).toEqual(
      new Set(['Email', 'Partner', 'Paid Search']),
    );
    const { rows } = await database.query<{ count: number }>(
      `select count(*)::int as count from profiles where size is null or channel is null`,
    );
    expect(rows[0]?.count).toBe(17);
    const partners = await get<Page>(database, '/profiles?channel=Partner&limit=1000');
    expect(partners.profiles.length).toBe(
      campaigns
        .filter(({ channel }) => channel === 'Partner')
        .reduce((all, { visitors }) => all + visitors, 0),
    );
    expect((await get<Page>(database, '/profiles?q=d-2499')).profiles).toHaveLength(1);
    const invalid = await database.query('select 1 from pg_index where not indisvalid');
    expect(invalid.rows).toEqual([]);
    // Once more is nothing to do.
    await migrate(database);
  });

  it('is written to while it is filled, and counts everybody once', async () => {
    const database = await open(WITH_COLUMNS);
    await database.query(FILL, [3000]);
    const app = createCollector({ database, readToken: READ_TOKEN });
    const post = (body: object) =>
      app.request('/v1/users', {
        method: 'POST',
        headers: { 'X-Moesif-Application-Id': 'old' },
        body: JSON.stringify(body),
      });
    const migrated = migrate(database);
    for (let n = 3; n <= 1500; n += 75) {
      const answers = await Promise.all([
        post({ user_id: `id-${n}`, campaign: { utm_source: 'moved' } }),
        post({ user_id: `new-${n}`, anonymous_id: `id-${n + 2}` }),
      ]);
      expect(answers.map(({ status }) => status < 300)).toEqual([true, true]);
    }
    await migrated;
    const campaigns = await campaignsOf(database);
    // A visitor who became a user is one person still.
    const visitors = await database.query<{ visitors: number; identified: number }>(
      `select count(*)::int as visitors, (count(*) filter (where kind = 'user'))::int as identified
       from profiles where merged_into is null and kind <> 'company'`,
    );
    expect({ visitors: sum(campaigns, 'visitors'), identified: sum(campaigns, 'identified') }).toEqual(
      visitors.rows[0],
    );
    expect(
      campaigns.filter(({ source }) => source === 'moved').reduce((all, one) => all + one.visitors, 0),
    ).toBe(20);
  });

  it('has an index made anew that was cut short', async () => {
    const database = await open(STEPS);
    await database.query(
      `update pg_index set indisvalid = false where indexrelid = 'profiles_by_gclid'::regclass`,
    );
    await createIndex('profiles_by_gclid', `profiles (application_id, modified_time)`)(database);
    const { rows } = await database.query<{ definition: string; valid: boolean }>(
      `select pg_get_indexdef(indexrelid) as definition, indisvalid as valid from pg_index
       where indexrelid = 'profiles_by_gclid'::regclass`,
    );
    expect(rows).toMatchObject([{ valid: true }]);
    expect(rows[0]?.definition).toContain('(application_id, modified_time)');
  });

  it('is searched without trigrams, too, and its owner hears how to add them', async () => {
    const database = await open(STEPS);
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
    const query: Database['query'] = (statement, parameters) =>
      statement.startsWith('create extension')
        ? Promise.reject(new Error('permission denied'))
        : database.query(statement, parameters);
    await createSearchIndex({ ...database, query });
    expect(warn.mock.calls).toEqual([
      [expect.stringMatching(/permission denied.*Have its owner run: create extension pg_trgm$/)],
    ]);
    await database.query(FILL, [50]);
    await database.query(`insert into applications values ('old')`);
    expect((await get<Page>(database, '/profiles?q=d-49')).profiles).toHaveLength(1);
  });
});
