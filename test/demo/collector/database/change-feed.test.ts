import { afterEach, describe, expect, inject, it, vi } from 'vitest';
import {
  ChangeFeed,
  type FeedOptions,
  notifyOfDeletion,
} from '../../../../demo/collector/database/change-feed.ts';
import {
  ANYBODY,
  type Change,
  readMessage,
  writeChanges,
} from '../../../../demo/collector/database/change-payload.ts';
import type { Database } from '../../../../demo/collector/database/database.ts';
import { openPostgres } from '../../../../demo/collector/database/postgres.ts';
import { Writer } from '../../../../demo/collector/database/writer.ts';
import { EventStream } from '../../../../demo/collector/routes/event-stream.ts';
import { followOthers } from '../../../../demo/follow-others.ts';
import { eventually } from '../../../../e2e/eventually.ts';
import { createDatabase } from '../../postgres-server.ts';

const server = inject('postgres');
const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

const change = (id: string): Change => ({ application_id: 'a', user_id: id, anonymous_id: null });

describe('the changes of a notification', () => {
  it('come back as they were', () => {
    const changes = [change('ü " \\ 🙂'), { application_id: 'a', user_id: null, anonymous_id: 'x y' }];
    expect(readMessage(`me 0/1A2B ${writeChanges(changes)}`)).toEqual({
      sender: 'me',
      lsn: '0/1A2B',
      changes,
    });
  });

  it('are those of anybody where they would not fit', () => {
    const changes = Array.from({ length: 10 }, (_, n) => change('ü'.repeat(200) + n));
    expect(readMessage(`me 0/1 ${writeChanges(changes)}`)?.changes).toEqual([ANYBODY]);
    expect(Buffer.byteLength(writeChanges(changes.slice(0, 8)))).toBeGreaterThan(3000);
  });

  it.each(['', 'hello', 'me 0/1 [', 'me 0/1 {}', 'me x/y []'])('are none of %j', payload => {
    expect(readMessage(payload)).toBeUndefined();
  });
});

describe.skipIf(!server)('the feed of several processes', () => {
  /** Opens a process's own connections, and waits until it hears. */
  async function open(url: string, options: Partial<FeedOptions> = {}) {
    const database = options.database ?? openPostgres({ url });
    const changes: Change[] = [];
    const foreign: Change[] = [];
    const gaps: number[] = [];
    const peers = vi.fn();
    const feed = new ChangeFeed({
      url,
      onChange: one => changes.push(one),
      onForeign: one => foreign.push(one),
      onGap: () => gaps.push(changes.length),
      onPeer: peers,
      ...options,
      database,
    });
    ends.push(async () => {
      await feed.close();
      await database.close();
    });
    await eventually(() => expect(gaps.length).toBeGreaterThan(0));
    return { feed, database, changes, foreign, gaps, peers };
  }

  it('brings a change to all, and to its own process once', async () => {
    const url = await createDatabase(`${server}`);
    const [one, two] = [await open(url), await open(url)];
    one.feed.publish(change('ada'));
    await eventually(() => expect(two.changes).toContainEqual(change('ada')));
    two.feed.publish(change('bob'));
    await eventually(() => expect(one.changes).toContainEqual(change('bob')));
    expect(one.changes.filter(({ user_id }) => user_id === 'ada')).toHaveLength(1);
    expect([one.foreign, two.foreign]).toEqual([[change('bob')], [change('ada')]]);
    expect(one.peers).toHaveBeenCalledTimes(1);
  });

  it('sends at most five notifications a second, and loses no change', async () => {
    const url = await createDatabase(`${server}`);
    const sent: number[] = [];
    const database = openPostgres({ url });
    const query: Database['query'] = (text, values) => {
      if (text.includes('pg_notify')) sent.push(performance.now());
      return database.query(text, values);
    };
    const one = await open(url, { database: { ...database, query } });
    const two = await open(url);
    sent.length = 0;
    const begin = performance.now();
    for (let n = 0; n < 40; n++) {
      one.feed.publish(change(`u${n}`));
      await new Promise(resolve => setTimeout(resolve, 20));
    }
    await eventually(() => expect(two.foreign.map(({ user_id }) => user_id)).toContain('u39'));
    expect(new Set(two.foreign.map(({ user_id }) => user_id)).size).toBe(40);
    expect(sent.length).toBeLessThanOrEqual((performance.now() - begin) / 200 + 1);
  });

  it('says that anything may have changed after a connection was lost, and goes on', async () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
    const log = vi.spyOn(console, 'log').mockImplementation(() => {});
    const url = await createDatabase(`${server}`);
    const [one, two] = [await open(url), await open(url)];
    const before = two.gaps.length;
    await one.database.query(
      `select pg_terminate_backend(pid) from pg_stat_activity
       where application_name = 'utmost-collector-listener' and datname = current_database()`,
    );
    await eventually(() => expect(two.gaps.length).toBeGreaterThan(before));
    expect(two.changes.at(-1)).toEqual(ANYBODY);
    expect(warn.mock.calls.flat().join()).toMatch(/hears of this process only: the listener has lost/);
    await eventually(() => expect(log.mock.calls.flat().join()).toMatch(/hears of all processes again/));
    one.feed.publish(change('later'));
    await eventually(() => expect(two.changes).toContainEqual(change('later')));
  });

  it('tells of a deletion as a gap', async () => {
    const url = await createDatabase(`${server}`);
    const one = await open(url);
    const before = one.gaps.length;
    await notifyOfDeletion(one.database);
    await eventually(() => expect(one.gaps.length).toBe(before + 1));
    expect(one.peers).not.toHaveBeenCalled();
  });

  it('says that all need one READ_TOKEN, where a process that made one up hears of another', async () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
    const url = await createDatabase(`${server}`);
    const database = openPostgres({ url });
    const shared = { url, database, writer: new Writer(database) };
    const tokens = [undefined, 'the-read-token-of-both'];
    const feeds = tokens.map(readToken => followOthers({ ...shared, readToken, events: new EventStream() }));
    ends.push(() => Promise.all(feeds.map(feed => feed.close())).then(() => database.close()));
    await eventually(() => {
      feeds[1]?.publish(change('ada'));
      expect(warn.mock.calls.flat()).toEqual([expect.stringMatching(/both need the same READ_TOKEN/)]);
    });
  });

  it('finds a listener that hears nothing, and says how to mend it', async () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
    const [url, elsewhere] = [await createDatabase(`${server}`), await createDatabase(`${server}`)];
    const database = openPostgres({ url });
    const feed = new ChangeFeed({ url: elsewhere, database, probeTimeout: 100, onChange: () => {} });
    ends.push(() => feed.close().then(() => database.close()));
    await eventually(() =>
      expect(warn.mock.calls.flat().join()).toMatch(/set LISTEN_DATABASE_URL to the address/),
    );
  });

  it('passes a change on when the replica has it, whoever wrote it', async () => {
    const url = await createDatabase(`${server}`);
    const waits: { lsn: string; end(): void }[] = [];
    const database = openPostgres({ url });
    const waitForReplay = (lsn: string) => new Promise<void>(end => waits.push({ lsn, end }));
    const one = await open(url, { database: { ...database, waitForReplay } });
    const two = await open(url);
    one.feed.publish(change('own'));
    await eventually(() => expect(waits).toHaveLength(1));
    two.feed.publish(change('foreign'));
    await eventually(() => expect(one.foreign).toContainEqual(change('foreign')));
    expect(one.changes).toEqual([ANYBODY]);
    waits[0]?.end();
    await eventually(() => expect(one.changes).toEqual([ANYBODY, change('own')]));
    await eventually(() => expect(waits).toHaveLength(2));
    waits[1]?.end();
    await eventually(() => expect(one.changes).toEqual([ANYBODY, change('own'), change('foreign')]));
  });
});
