import { afterEach, describe, expect, inject, it, vi } from 'vitest';
import { openDatabase } from '../../../../demo/collector/database/open-database.ts';
import { openPostgres } from '../../../../demo/collector/database/postgres.ts';
import { freePort } from '../../../free-port.ts';
import { createDatabase } from '../../postgres-server.ts';

const server = inject('postgres');
const ends: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});

function open(url: string, readUrl: string) {
  const database = openPostgres({ url, readUrl });
  ends.push(database.close);
  return database;
}

describe.skipIf(!server)('a database that is read from READ_DATABASE_URL', () => {
  it('is read there, and written to by DATABASE_URL', async () => {
    const [url, readUrl] = [await createDatabase(`${server}`), await createDatabase(`${server}`)];
    const database = open(url, readUrl);
    const statement = 'select current_database() as name';
    const nameOf = ({ rows }: { rows: { name: string }[] }) => `/${rows[0]?.name}`;
    expect(nameOf(await database.query(statement))).toBe(new URL(url).pathname);
    expect(nameOf(await database.read(statement))).toBe(new URL(readUrl).pathname);
  });

  it('is read from the primary where the replica is away, which is said once', async () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
    const url = await createDatabase(`${server}`);
    const database = open(url, `postgres://collector@127.0.0.1:${await freePort()}/nobody`);
    for (let n = 0; n < 3; n++) expect((await database.read('select 1 as one')).rows).toEqual([{ one: 1 }]);
    expect(warn.mock.calls.flat()).toEqual([
      expect.stringMatching(/^The replica of READ_DATABASE_URL can not be reached .*Reads go to the primary/),
    ]);
    // Nobody waits for a replica that is not read.
    await database.waitForReplay?.('F/FFFFFFFF');
  });

  it('is read from the primary where the replica does not have a table yet', async () => {
    const [url, readUrl] = [await createDatabase(`${server}`), await createDatabase(`${server}`)];
    const database = open(url, readUrl);
    await database.query('create table fresh as select 1 as one');
    expect((await database.read('select one from fresh')).rows).toEqual([{ one: 1 }]);
    await expect(database.read('select one from nowhere')).rejects.toThrow(/nowhere/);
  });

  it('can change nothing by a read', async () => {
    const url = await createDatabase(`${server}`);
    await expect(open(url, url).read('create table t (n int)')).rejects.toThrow(/read-only transaction/);
  });

  it('is migrated by LISTEN_DATABASE_URL alone', async () => {
    const [url, listenUrl] = [await createDatabase(`${server}`), await createDatabase(`${server}`)];
    const database = await openDatabase({ url, listenUrl });
    ends.push(database.close);
    await expect(database.query('select 1 from profiles')).rejects.toThrow(/profiles/);
    expect((await open(listenUrl, listenUrl).query('select 1 from profiles')).rows).toEqual([]);
  });
});
