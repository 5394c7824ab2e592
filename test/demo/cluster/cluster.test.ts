import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { ChangeFeed } from '../../../demo/collector/database/change-feed.ts';
import { openPostgres } from '../../../demo/collector/database/postgres.ts';
import { Replica } from '../../../demo/collector/database/replica.ts';
import { eventually } from '../../../e2e/eventually.ts';
import { query } from '../postgres-server.ts';
import { killUnderLoad, LIMIT } from './kill.ts';
import { followEvents, postTo, readFrom } from './requests.ts';
import { type Cluster, missing, openCluster } from './world.ts';

describe.skipIf(missing.length > 0)('several collectors, PgBouncer and a replica', () => {
  let cluster: Cluster;
  beforeAll(async () => {
    cluster = await openCluster();
  });
  afterAll(() => cluster?.close());

  it('PgBouncer in transaction mode: statements lose their names, and no setting is left behind', async () => {
    const log = vi.spyOn(console, 'log').mockImplementation(() => {});
    const { url } = cluster.servers;
    const database = openPostgres({ url });
    const once = (n: number) => database.query<{ n: number }>('select $1::int as n', [n]);
    for (let round = 0; round < 3; round++) {
      const answers = await Promise.all(Array.from({ length: 20 }, (_, n) => once(n)));
      expect(answers.map(({ rows }) => rows[0]?.n)).toEqual(Array.from({ length: 20 }, (_, n) => n));
      await Promise.all(Array.from({ length: 8 }, () => database.read('select pg_sleep(0.01)')));
    }
    const settings = Array.from({ length: 20 }, () =>
      database.query<{ value: string }>(
        `select current_setting('statement_timeout') as value, pg_sleep(0.05)`,
      ),
    );
    for (const { rows } of await Promise.all(settings)) expect(rows[0]?.value).toBe('0');
    expect(log.mock.calls.length).toBeLessThanOrEqual(1);
    await database.close();
  });

  it('a listener behind it is found deaf, and one at the entry with pool_mode=session hears', async () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
    vi.spyOn(console, 'log').mockImplementation(() => {});
    const { url, listenUrl } = cluster.servers;
    const database = openPostgres({ url });
    const onGap = vi.fn();
    const deaf = new ChangeFeed({ url, database, probeTimeout: 300, onChange: () => {}, onGap });
    await eventually(() => expect(warn.mock.calls.flat().join()).toMatch(/pool_mode=session/));
    expect(onGap).not.toHaveBeenCalled();
    const hearing = new ChangeFeed({ url: listenUrl, database, onChange: () => {}, onGap });
    await eventually(() => expect(onGap).toHaveBeenCalledTimes(1));
    await Promise.all([deaf.close(), hearing.close()]);
    await database.close();
  });

  it('the live page of each hears of the other, when the replica that is read has it', async () => {
    const [a, b] = cluster.collectors;
    const [atA, atB] = [await followEvents(a.port), await followEvents(b.port)];
    const profile = '/profile?application_id=cluster&user_id=';
    await eventually(async () => {
      await postTo(a.port, { user_id: 'first' });
      expect(atB.names('first')).toBe(true);
    });
    await query(cluster.servers.replica.url, 'select pg_wal_replay_pause()');
    expect((await postTo(a.port, { user_id: 'late' })).status).toBe(201);
    expect((await readFrom(b.port, `${profile}late`)).status).toBe(404);
    await sleep(300);
    expect([atA.names('late'), atB.names('late')]).toEqual([false, false]);
    await query(cluster.servers.replica.url, 'select pg_wal_replay_resume()');
    for (const [events, { port }] of [[atA, a] as const, [atB, b] as const]) {
      await eventually(() => expect(events.names('late')).toBe(true));
      expect((await readFrom(port, `${profile}late`)).status).toBe(200);
    }
    await Promise.all([atA.end(), atB.end()]);
  });

  it('a replica that is behind is said once, and again when it has caught up', async () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
    const log = vi.spyOn(console, 'log').mockImplementation(() => {});
    const { primary, replica, replicaUrl } = cluster.servers;
    const noPrimary = () => Promise.reject(new Error('The primary was read.'));
    const behind = new Replica({ url: replicaUrl, max: 1, readPrimary: noPrimary, maxLag: 100 });
    await query(replica.url, 'select pg_wal_replay_pause()');
    await postTo(cluster.collectors[0].port, { user_id: 'behind' });
    const [row] = await query<{ lsn: string }>(primary.url, 'select pg_current_wal_lsn() as lsn');
    for (let n = 0; n < 2; n++) await behind.waitFor(`${row?.lsn}`);
    expect(warn.mock.calls.flat()).toEqual([expect.stringMatching(/more than 0.1 seconds behind/)]);
    expect((await behind.read('select 1 as one')).rows).toEqual([{ one: 1 }]);
    await query(replica.url, 'select pg_wal_replay_resume()');
    await eventually(async () => {
      await behind.waitFor(`${row?.lsn}`);
      expect(log.mock.calls.flat()).toContain('The replica of READ_DATABASE_URL has caught up.');
    });
    await behind.close();
  });

  it(
    'a collector and the primary killed under load, the replica promoted: all that was acknowledged is there once, in order',
    {
      timeout: LIMIT,
    },
    () => killUnderLoad(cluster),
  );
});
