import { afterAll, beforeAll, describe, expect, inject, it, vi } from 'vitest';
import { ChangeFeed } from '../../../../demo/collector/database/change-feed.ts';
import type { TimelineEntry } from '../../../../demo/collector/database/timeline.ts';
import { eventually } from '../../../../e2e/eventually.ts';
import { READ_TOKEN, useCollector } from '../use-collector.ts';

const collector = useCollector();
const { tenant } = collector;

// PGlite belongs to one process.
describe.skipIf(!collector.isShared)('two collectors on one database', () => {
  let other: Awaited<ReturnType<typeof collector.another>>;
  beforeAll(async () => {
    other = await collector.another();
  });
  afterAll(() => other?.close());

  /** Deletes a user by the other collector. */
  const removeThere = (applicationId: string, userId: string) =>
    other.app.request(
      `/v1/users?${new URLSearchParams({ application_id: applicationId, user_id: userId })}`,
      {
        method: 'DELETE',
        headers: { Authorization: `Bearer ${READ_TOKEN}` },
      },
    );
  const numberOf = ({ body }: TimelineEntry, key: string) =>
    (body as { metadata: Record<string, number> }).metadata[key];

  it('merge updates of one user in the order in which they were acknowledged', async () => {
    const { id, post, user, timeline } = tenant();
    for (let n = 0; n < 20; n++) {
      const { status } = await (n % 2 ? other.post(id, at(n)) : post(at(n)));
      expect(status).toBe(n === 0 ? 201 : 200);
    }
    expect((await user('u')).metadata).toEqual({ n: 19 });
    const entries = await timeline('user_id=u');
    expect(entries.map(entry => numberOf(entry, 'n'))).toEqual(Array.from({ length: 20 }, (_, n) => 19 - n));

    function at(n: number) {
      return { user_id: 'u', metadata: { n } };
    }
  });

  it('lose nothing and wait for no deadlock where many write the same few users', async () => {
    const { id, post, user, timeline } = tenant();
    const before = await deadlocks();
    const USERS = 3;
    const UPDATES = 12;
    const sendAll = async (sender: number) => {
      for (let n = 0; n < UPDATES; n++) {
        // Of several users at once, each time in another order.
        const body = {
          user_id: `u${(sender + n) % USERS}`,
          anonymous_id: 'shared',
          metadata: { [`s${sender}`]: n },
        };
        const { status } = await (sender % 2 ? other.post(id, body) : post(body));
        expect([200, 201]).toContain(status);
      }
    };
    await Promise.all(Array.from({ length: 12 }, (_, sender) => sendAll(sender)));
    for (let u = 0; u < USERS; u++) {
      const entries = await timeline(`user_id=u${u}&limit=1000`);
      const { metadata } = await user(`u${u}`);
      for (let sender = 0; sender < 12; sender++) {
        const sent = Array.from({ length: UPDATES }, (_, n) => n).filter(n => (sender + n) % USERS === u);
        const stored = entries.flatMap(entry => numberOf(entry, `s${sender}`) ?? []);
        expect(stored).toEqual(sent.toReversed());
        expect(metadata[`s${sender}`]).toBe(sent.at(-1));
      }
    }
    expect(await deadlocks()).toBe(before);
  });

  it('give a visitor to the next user, where the other one has deleted whose it was', async () => {
    const { id, post, get } = tenant();
    await post({ user_id: 'first', anonymous_id: 'a' });
    expect((await removeThere(id, 'first')).status).toBe(200);
    await post({ user_id: 'second', anonymous_id: 'a' });
    await post({ anonymous_id: 'a', metadata: { later: 1 } });
    expect(await (await get('/profile?anonymous_id=a')).json()).toMatchObject({
      user_id: 'second',
      metadata: { later: 1 },
    });
  });

  it('both hear of a deletion, so that neither keeps the person in memory', async () => {
    const { id, post } = tenant();
    await post({ user_id: 'gone' });
    const { rows } = await collector.database.query<{ name: string }>('select current_database() as name');
    const onGap = vi.fn();
    const url = new URL(`/${rows[0]?.name}`, inject('postgres')).href;
    const feed = new ChangeFeed({ url, database: collector.database, onChange: () => {}, onGap });
    await eventually(() => expect(onGap).toHaveBeenCalledTimes(1));
    await removeThere(id, 'gone');
    await eventually(() => expect(onGap).toHaveBeenCalledTimes(2));
    await feed.close();
  });

  it('refuse no update for the size of a profile that the other one has deleted', async () => {
    const { id, post, user } = tenant();
    const large = 'x'.repeat(600_000);
    await post({ user_id: 'u', metadata: { large } });
    expect((await post({ user_id: 'u', metadata: { too: large } })).status).toBe(413);
    await removeThere(id, 'u');
    expect((await post({ user_id: 'u', metadata: { fits: large } })).status).toBe(201);
    expect(Object.keys((await user('u')).metadata)).toEqual(['fits']);
  });

  async function deadlocks(): Promise<number | undefined> {
    const { rows } = await collector.database.query<{ deadlocks: number }>(
      'select deadlocks::int as deadlocks from pg_stat_database where datname = current_database()',
    );
    return rows[0]?.deadlocks;
  }
});
