import type { JsMsg } from '@nats-io/jetstream';
import { expect, it } from 'vitest';
import type { Database } from '../../../../demo/collector/database/database.ts';
import { Overtaken } from '../../../../demo/collector/database/positions.ts';
import { Writer } from '../../../../demo/collector/database/writer.ts';
import { MessageWriter } from '../../../../demo/collector/queue/apply-messages.ts';
import { useCollector } from '../use-collector.ts';

const collector = useCollector();

/** A message as the stream delivers it. */
function deliver(seq: number, message: unknown): JsMsg {
  const text = typeof message === 'string' ? message : JSON.stringify(message);
  return { seq, data: Buffer.from(text), string: () => text } as unknown as JsMsg;
}

/** The collector's database, with another way of some of its methods. */
const databaseWith = (methods: Partial<Database>): Database => ({
  query: (statement, parameters) => collector.database.query(statement, parameters),
  read: (statement, parameters) => collector.database.read(statement, parameters),
  transaction: work => collector.database.transaction(work),
  close: async () => {},
  ...methods,
});

/** An application, its messages, and workers that write them. */
function createQueue() {
  const { id, user, timeline } = collector.tenant();
  const applicationId = `${id}-queue-${Math.random()}`;
  const refused: string[] = [];
  const worker = (database: Database = collector.database) => {
    const writer = new MessageWriter({
      database,
      writer: new Writer(database),
      publish: () => {},
      onRefused: (_message, sequence, reason) => refused.push(`${sequence}: ${reason}`),
    });
    return { write: async (stream: string, raw: JsMsg[]) => writer.write(stream, await writer.read(raw)) };
  };
  const updates = (seq: number, ...items: object[]) =>
    deliver(seq, {
      applicationId,
      name: 'users',
      now: 1_700_000_000_000 + seq,
      isBatch: items.length > 1,
      items,
    });
  const deletion = (seq: number, value: string) =>
    deliver(seq, { applicationId, deletion: { applicationId, name: 'user_id', value } });
  const numbered = (seq: number) => updates(seq, { userId: 'u', metadata: { n: seq } });
  const stored = async () => {
    const { rows } = await collector.database.query<{ numbers: number[] }>(
      `select coalesce(json_agg((body->'metadata'->>'n')::int order by entry_id), '[]') as numbers
       from updates where application_id = $1`,
      [applicationId],
    );
    return rows[0]?.numbers;
  };
  return { applicationId, refused, worker, updates, deletion, numbered, stored, user, timeline };
}

it('messages that are given again, as a worker died after its commit, are written once', async () => {
  const { worker, numbered, stored } = createQueue();
  await worker().write('s', [1, 2, 5].map(numbered));
  await worker().write('s', [1, 2, 5, 7, 9].map(numbered));
  await worker().write('s', [1, 2, 5, 7, 9].map(numbered));
  expect(await stored()).toEqual([1, 2, 5, 7, 9]);
});

it('of two workers that write the same at once, each message is written by one', async () => {
  const { worker, numbered, stored } = createQueue();
  const messages = Array.from({ length: 600 }, (_, index) => numbered(index + 1));
  const write = async () => {
    const own = worker();
    for (;;) {
      try {
        return await own.write('s', messages);
      } catch (error) {
        expect(error).toBeInstanceOf(Overtaken);
      }
    }
  };
  await Promise.all([write(), write(), write()]);
  expect(await stored()).toEqual(messages.map(({ seq }) => seq));
});

it('nothing is written past a message that could not be, and all of it when the database is back', async () => {
  const { worker, numbered, stored } = createQueue();
  let left = 4;
  const failing = databaseWith({
    query: async (statement, parameters) => {
      const isSave = statement.includes('as saved');
      // The first of several groups fails, and the others would go on.
      if (isSave && left-- === 4) throw Object.assign(new Error('away'), { code: '57P01' });
      return collector.database.query(statement, parameters);
    },
  });
  const messages = Array.from({ length: 700 }, (_, index) => numbered(index + 1));
  const own = worker(failing);
  await expect(own.write('s', messages)).rejects.toThrow('can not be reached');
  expect(await stored()).toEqual([]);
  await own.write('s', messages);
  expect(await stored()).toEqual(messages.map(({ seq }) => seq));
});

it('a deletion between updates deletes what was before it, and not what comes after, also when it is given again', async () => {
  const { worker, numbered, deletion, stored } = createQueue();
  const messages = [numbered(1), numbered(2), deletion(3, 'u'), numbered(4)];
  await worker().write('s', messages);
  expect(await stored()).toEqual([4]);
  await worker().write('s', messages);
  expect(await stored()).toEqual([4]);
});

it('the deletion of a company between its updates does so, too', async () => {
  const { applicationId, worker, stored } = createQueue();
  const update = (seq: number, companyId: string) =>
    deliver(seq, {
      applicationId,
      name: 'companies',
      now: 1_700_000_000_000 + seq,
      isBatch: false,
      items: [{ companyId, metadata: { n: seq } }],
    });
  const deletion = { applicationId, name: 'company_id', value: 'c' } as const;
  await worker().write('s', [
    update(1, 'c'),
    update(2, 'other'),
    deliver(3, { applicationId, deletion }),
    update(4, 'c'),
  ]);
  expect(await stored()).toEqual([2, 4]);
});

it('a deletion is told to all processes, which may remember the person', async () => {
  const { worker, numbered, deletion } = createQueue();
  const told: unknown[] = [];
  const database = databaseWith({
    query: async (text, values) => {
      if (text.includes('pg_notify')) told.push(values);
      return collector.database.query(text, values);
    },
  });
  await worker(database).write('s', [numbered(1)]);
  expect(told).toEqual([]);
  await worker(database).write('s', [numbered(1), deletion(2, 'u')]);
  expect(told.length).toBe(1);
});

it('a deletion by a worker that was overtaken does nothing', async () => {
  const { worker, numbered, deletion, stored, refused } = createQueue();
  let isLate = true;
  const late = databaseWith({
    transaction: async work => {
      // Meanwhile another worker does the same, and more.
      if (isLate) await worker().write('s', [numbered(1), deletion(2, 'u'), numbered(3)]);
      isLate = false;
      return collector.database.transaction(work);
    },
  });
  await worker(late).write('s', [numbered(1), deletion(2, 'u'), numbered(3)]);
  expect(isLate).toBe(false);
  expect(await stored()).toEqual([3]);
  expect(refused).toEqual([]);
});

it('a message that no profile can take is left out and told, and the others are written', async () => {
  const { worker, updates, numbered, refused, stored } = createQueue();
  const half = 'x'.repeat(600_000);
  await worker().write('s', [
    updates(1, { userId: 'u', metadata: { n: 1, a: half } }),
    updates(2, { userId: 'u', metadata: { n: 2, b: half } }),
    numbered(3),
  ]);
  expect(await stored()).toEqual([1, 3]);
  expect(refused).toEqual(['2: With this update the user u would be larger than 1 MB.']);
});

it('a message that the database always refuses is left out after five attempts, and the others are written', async () => {
  const { worker, updates, numbered, refused, stored } = createQueue();
  const failing = databaseWith({
    query: async (statement, parameters) => {
      if (parameters?.some(value => String(value).includes('poison'))) throw new Error('It is poison.');
      return collector.database.query(statement, parameters);
    },
  });
  const own = worker(failing);
  const messages = [numbered(1), updates(2, { userId: 'poison', metadata: { n: 2 } }), numbered(3)];
  let attempts = 0;
  do attempts++;
  while (
    !(await own.write('s', messages).then(
      () => true,
      () => false,
    ))
  );
  expect(attempts).toBe(5);
  expect(await stored()).toEqual([1, 3]);
  expect(refused).toEqual(['2: It is poison.']);
});

it('a message that is none of ours is left out at once', async () => {
  const { worker, updates, numbered, refused, stored } = createQueue();
  const [wrong, empty] = [deliver(1, 'no JSON'), updates(3, null as unknown as object)];
  await worker().write('s', [wrong, numbered(2), empty, numbered(4)]);
  expect(await stored()).toEqual([2, 4]);
  expect(refused.map(line => line.slice(0, 3))).toEqual(['1: ', '3: ']);
});

it('a stream that was lost and made again counts from its beginning', async () => {
  const { worker, numbered, stored } = createQueue();
  await worker().write('first', [7, 8].map(numbered));
  await worker().write('second', [1, 2].map(numbered));
  await worker().write('second', [1, 2, 3].map(numbered));
  expect(await stored()).toEqual([7, 8, 1, 2, 3]);
});

it('an update counts as of when it was received, however late it is written', async () => {
  const { worker, numbered, applicationId } = createQueue();
  await worker().write('s', [numbered(5)]);
  const { rows } = await collector.database.query<{ time: Date; received_time: Date }>(
    'select time, received_time from updates where application_id = $1',
    [applicationId],
  );
  expect(rows.map(row => [row.time, row.received_time].map(Number))).toEqual([
    [1_700_000_000_005, 1_700_000_000_005],
  ]);
});

it('a key of a wrong type is left out, and the timeline tells it', async () => {
  const { worker, updates, applicationId } = createQueue();
  await worker().write('s', [
    updates(1, { userId: 'u', metadata: { n: 1 } }),
    updates(2, { userId: 'u', metadata: { n: 'two', m: 2 } }),
  ]);
  const { rows } = await collector.database.query<{ body: object }>(
    'select body from updates where application_id = $1 order by entry_id desc limit 1',
    [applicationId],
  );
  expect(rows[0]?.body).toMatchObject({
    metadata: { m: 2 },
    rejected: [{ path: 'metadata.n', expected: 'number', got: 'string' }],
  });
});
