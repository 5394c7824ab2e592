import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, inject, it } from 'vitest';
import { openPostgres } from '../../../../demo/collector/database/postgres.ts';
import { createDatabase } from '../../postgres-server.ts';

const server = inject('postgres');
const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

function open(url: string) {
  const database = openPostgres({ url });
  ends.push(database.close);
  return database;
}

/** Stands before a server, and counts how often it is asked again after it has answered. */
async function countRoundTrips(url: string) {
  const { hostname, port } = new URL(url);
  let count = 0;
  let isAnswered = true;
  const proxy = createServer(client => {
    const upstream = connect(Number(port), hostname);
    client.on('data', data => {
      if (isAnswered) count++;
      isAnswered = false;
      upstream.write(data);
    });
    upstream.on('data', data => {
      isAnswered = true;
      client.write(data);
    });
    for (const [one, other] of [
      [client, upstream],
      [upstream, client],
    ] as const)
      one.on('error', () => {}).on('close', () => other.destroy());
  }).listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  ends.push(() => proxy.close());
  const own = String((proxy.address() as AddressInfo).port);
  return { url: Object.assign(new URL(url), { port: own }).href, count: () => count };
}

describe.skipIf(!server)('connections to PostgreSQL', () => {
  it('a read is one round trip, and still one that only reads and has a limit', async () => {
    const { url, count } = await countRoundTrips(await createDatabase(`${server}`));
    const database = open(url);
    const settings = `select $1::text as given, current_setting('statement_timeout') as timeout,
      current_setting('transaction_read_only') as is_reading`;
    await database.read(settings, ['first']);
    const before = count();
    const { rows } = await database.read(settings, ['second']);
    expect(count() - before).toBe(1);
    expect(rows).toEqual([{ given: 'second', timeout: '5s', is_reading: 'on' }]);
    await expect(database.read('create table t (n int)')).rejects.toThrow('read-only transaction');
    await expect(database.read('select nothing')).rejects.toThrow('nothing');
    expect((await database.read('select 1 as one')).rows).toEqual([{ one: 1 }]);
    // What a read sets is gone with its transaction.
    expect(
      (await database.query(`select current_setting('transaction_read_only') as is_reading`)).rows,
    ).toEqual([{ is_reading: 'off' }]);
  });

  it('one that breaks between two statements refuses the next, and does not end the process', async () => {
    const database = open(await createDatabase(`${server}`));
    const work = database.transaction(async query => {
      const { rows } = await query<{ pid: number }>('select pg_backend_pid() as pid');
      await database.query('select pg_terminate_backend($1)', [rows[0]?.pid]);
      await sleep(200);
      await query('select 1');
    });
    await expect(work).rejects.toThrow(/connection|terminat/i);
    await database.transaction(async query => {
      expect((await query('select 1 as one')).rows).toEqual([{ one: 1 }]);
    });
  });
});
