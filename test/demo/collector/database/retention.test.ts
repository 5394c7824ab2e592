import { describe, expect, it, vi } from 'vitest';
import { deleteExpired, startRetention } from '../../../../demo/collector/database/retention.ts';
import { useCollector } from '../use-collector.ts';

const DAY = 86_400_000;
const collector = useCollector();
const { tenant } = collector;

/** Days from now, negative ones ago. */
const at = (days: number) => new Date(Date.now() + days * DAY);
const act = (who: object, days: number) => ({
  action_name: 'Did',
  request: { uri: '/', time: at(days).toISOString() },
  ...who,
});

describe('retention', () => {
  it('deletes what is old, and keeps who was seen since under any of their names', async () => {
    const { post, send, all, timeline, get } = tenant();
    const old = { modified_time: at(-100).toISOString() };
    await post({ user_id: 'gone', anonymous_id: 'gone-phone', session_token: 'gone-token', ...old });
    await post({ anonymous_id: 'gone-visitor', ...old });
    await send('/v1/companies', { company_id: 'gone-company', ...old });
    await post({ user_id: 'acted', ...old });
    await post({ user_id: 'acted-before', anonymous_id: 'their-phone', ...old });
    await post({ user_id: 'acted-by-token', session_token: 'their-token', ...old });
    await post({ user_id: 'updated', metadata: { plan: 'pro' }, ...old });
    await post({ user_id: 'updated', metadata: { size: 1 } });
    for (const who of [
      { user_id: 'acted' },
      { anonymous_id: 'their-phone' },
      { session_token: 'their-token' },
    ]) {
      await send('/v1/actions', act(who, -100));
      await send('/v1/actions', act(who, -10));
    }
    const forgotten: string[] = [];
    const { profiles } = await deleteExpired(collector.database, at(-30), (_, keys) =>
      forgotten.push(...keys.map(({ id }) => id)),
    );
    expect(profiles).toBe(4);
    expect(forgotten.sort()).toEqual(['gone', 'gone-company', 'gone-phone', 'gone-visitor']);
    const left = (await all()).map(({ user_id }) => user_id).sort();
    expect(left).toEqual(['acted', 'acted-before', 'acted-by-token', 'updated']);
    for (const id of ['acted', 'acted-before', 'acted-by-token', 'updated'])
      expect(await timeline(`user_id=${id}`), id).toHaveLength(1);
    const { campaigns } = (await (await get('/campaigns')).json()) as { campaigns: object[] };
    expect(campaigns).toMatchObject([{ visitors: 4, identified: 4 }]);
    expect((await get('/profile?user_id=updated')).status).toBe(200);
    expect((await get('/companies?company_id=gone-company')).status).toBe(404);
    for (const query of ['anonymous_id=gone-phone', 'session_token=gone-token'])
      expect((await get(`/export?${query}`)).status).toBe(404);
  });

  it('takes an update by its arrival, too, whatever time it says it has', async () => {
    const { post, all } = tenant();
    await post({ user_id: 'u' });
    await deleteExpired(collector.database, at(-1));
    expect(await all()).toHaveLength(1);
    await deleteExpired(collector.database, at(1));
    expect(await all()).toEqual([]);
  });

  it('deletes more than one statement does', async () => {
    const { id, send } = tenant();
    await send(
      '/v1/users/batch',
      Array.from({ length: 5 }, (_, n) => ({ anonymous_id: `${n}` })),
    );
    const statements = vi.spyOn(collector.database, 'query');
    await deleteExpired(collector.database, at(1), undefined, 2);
    for (const begin of [/^delete from updates/, /^\s*with old as/])
      expect(statements.mock.calls.filter(([text]) => begin.test(text))).toHaveLength(3);
    statements.mockRestore();
    for (const table of ['profiles', 'updates']) {
      const query = `select count(*)::int as count from ${table} where application_id = $1`;
      const { rows } = await collector.database.query(query, [id]);
      expect(rows).toEqual([{ count: 0 }]);
    }
  });

  it('runs at start and every day, by the clock it is given', async () => {
    const told = vi.spyOn(console, 'log').mockImplementation(() => {});
    const { post, all } = tenant();
    await post({ user_id: 'u' });
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    const end = startRetention({
      database: collector.database,
      days: 30,
      now: () => Date.now() + 31 * DAY,
    });
    // By expect.poll: vi.waitFor moves a clock that is not the system's on with each look.
    await expect.poll(all).toEqual([]);
    await post({ user_id: 'v' });
    vi.advanceTimersByTime(DAY - 1);
    expect(await all()).toHaveLength(1);
    vi.advanceTimersByTime(1);
    await expect.poll(all).toEqual([]);
    vi.useRealTimers();
    await end();
    expect(told).toHaveBeenCalledWith(expect.stringMatching(/^Retention of 30 days: deleted 1 profiles/));
    told.mockRestore();
  });
});
