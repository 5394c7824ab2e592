import { describe, expect, it } from 'vitest';
import type { TimelineEntry, TimelinePage } from '../../../../demo/collector/database/timeline.ts';
import { errorOf, useCollector } from '../use-collector.ts';

const { tenant } = useCollector();

type Get = (path: string) => Promise<Response>;

async function walk(get: Get, query: string): Promise<TimelineEntry[][]> {
  const pages: TimelineEntry[][] = [];
  for (let after = ''; ; ) {
    const answer = await get(`/timeline?${query}${after}`);
    expect(answer.status).toBe(200);
    const { timeline, next } = (await answer.json()) as TimelinePage;
    pages.push(timeline);
    if (!next) return pages;
    after = `&after=${next}`;
  }
}

describe('pages of a timeline', () => {
  it('lead to its oldest entry, each once, whatever its kind and where many have the same time', async () => {
    const { post, send, get } = tenant();
    const times = [1, 2, 3].map(day => `2024-01-0${day}T00:00:00.00${day}Z`);
    for (let n = 0; n < 12; n++) {
      const time = times[n % 3];
      const who = n < 6 ? { anonymous_id: 'a' } : { user_id: 'u' };
      await post({ ...who, session_token: 't', modified_time: time, metadata: { n } });
      const request = { uri: '/', time };
      await send('/v1/actions', { action_name: `Action ${n}`, session_token: 't', request });
      await send('/v1/actions', { action_name: `Own ${n}`, ...who, request, transaction_id: `t${n}` });
      await send('/v1/events', {
        ...who,
        transaction_id: `00000000-0000-4000-8000-0000000000${n + 10}`,
        request: { time, verb: 'GET', uri: 'https://x.org/', headers: {} },
        response: { time, status: 200, headers: {} },
      });
    }
    await post({ user_id: 'u', anonymous_id: 'a', modified_time: '2024-01-04T00:00:00Z' });
    const [whole = []] = await walk(get, 'user_id=u&limit=1000');
    expect(whole).toHaveLength(49);
    expect(new Set(whole.map(entry => JSON.stringify(entry))).size).toBe(49);
    expect(whole.map(({ time }) => time)).toEqual(
      whole
        .map(({ time }) => time)
        .sort()
        .reverse(),
    );
    for (const limit of [1, 5, 48, 49]) {
      const pages = await walk(get, `user_id=u&limit=${limit}`);
      expect(pages.flat()).toEqual(whole);
      expect(pages).toHaveLength(Math.ceil(49 / limit));
    }
    // What the visitor left is reached by the visitor's id, too: it leads to the user.
    expect((await walk(get, 'anonymous_id=a&limit=7')).flat()).toEqual(whole);
  });

  it('stay where they are while more happens', async () => {
    const { post, get } = tenant();
    const at = (second: number) => `2024-01-01T00:00:${10 + second}Z`;
    for (let n = 0; n < 9; n++) await post({ user_id: 'u', modified_time: at(n), metadata: { n } });
    const first = (await (await get('/timeline?user_id=u&limit=4')).json()) as TimelinePage;
    await post({ user_id: 'u', modified_time: at(20), metadata: { n: 20 } });
    const second = (await walk(get, `user_id=u&limit=1000&after=${first.next}`)).flat();
    const numbers = [...first.timeline, ...second].map(({ body }) => (body.metadata as { n: number }).n);
    expect(numbers).toEqual([8, 7, 6, 5, 4, 3, 2, 1, 0]);
  });

  it('end early where entries are large, and go on', async () => {
    const { post, get } = tenant();
    for (let n = 0; n < 20; n++)
      await post({ user_id: 'u', metadata: { text: String.fromCharCode(97 + n).repeat(500_000) } });
    const answer = await get('/timeline?user_id=u&limit=1000');
    expect((await answer.text()).length).toBeLessThan(10 * 1024 * 1024);
    const pages = await walk(get, 'user_id=u&limit=1000');
    expect(pages.map(page => page.length)).toEqual([17, 3]);
  });

  it('refuse what no cursor is', async () => {
    const { post, get } = tenant();
    await post({ user_id: 'u' });
    for (const after of [
      'x',
      Buffer.from('["2024-01-01T00:00:00.000000Z","a","b","c"]').toString('base64url'),
    ])
      expect(await errorOf(await get(`/timeline?user_id=u&after=${after}`))).toMatch(
        /^after must be a cursor/,
      );
  });
});
