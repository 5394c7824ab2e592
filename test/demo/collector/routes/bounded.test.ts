import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import { isFullSize } from '../../full-size.ts';
import { delayOf, MAX_DELAY } from '../loop-delay.ts';
import { GZIP, serve, times } from '../serve.ts';
import { useCollector } from '../use-collector.ts';

const collector = useCollector();
const { post, postAll } = serve(collector);
// What is slow for the first time alone is no matter of the request's shape.
beforeAll(async () => {
  const body = JSON.stringify([{ user_id: 'first', metadata: keys(5000, 'first-') }]);
  for (let n = 0; n < 3; n++) await post('/v1/users/batch', gzipSync(body), GZIP);
});

const keys = (count: number, prefix: string, value: unknown = 1) =>
  Object.fromEntries(Array.from({ length: count }, (_, n) => [`${prefix}${n}`, value]));

describe(`the loop is never held up for ${MAX_DELAY} ms`, () => {
  it.each([
    [isFullSize ? 250 : 100, 500],
    [isFullSize ? 250 : 30, 2000],
  ])('by %i requests at once with %i new keys each', async (requests, count) => {
    const bodies = times(requests, n =>
      JSON.stringify({ user_id: `u${count}-${n}`, metadata: keys(count, `n${count}-${n}-`) }),
    );
    const { delay, result } = await delayOf(() => postAll('/v1/users', bodies));
    for (const { status } of result) expect(status).toBeLessThan(300);
    expect(delay).toBeLessThan(MAX_DELAY);
  });

  it('by 30 requests with thousands of fields of a campaign, of which none is kept', async () => {
    const bodies = times(30, n =>
      JSON.stringify({ user_id: 'campaigner', campaign: keys(11_000, `c${n}-`, null) }),
    );
    const { delay } = await delayOf(async () => {
      for (const body of bodies) expect((await post('/v1/users', body)).status).toBeLessThan(300);
    });
    expect(delay).toBeLessThan(MAX_DELAY);
    const { rows } = await collector.database.query<{ size: number }>(
      `select octet_length(times::text) as size from profiles where id = 'campaigner'`,
    );
    expect(rows[0]?.size).toBeLessThan(1000);
  });

  it('by an update of 1 MB, with as many keys as it may have or more', async () => {
    for (const [count, most] of [
      [11_000, 201],
      [55_000, 400],
    ] as const) {
      const body = JSON.stringify({ user_id: `large-${count}`, metadata: keys(count, 'key-') });
      const { delay, result } = await delayOf(() => post('/v1/users', body));
      expect([200, most]).toContain(result.status);
      expect(delay).toBeLessThan(MAX_DELAY);
    }
  });

  it('by a batch of 1000 items of 50 KB, while others are answered', async () => {
    const text = 'x'.repeat(1000);
    const items = times(1000, n => ({ user_id: `b${n}`, metadata: keys(48, 'part', text) }));
    const body = Buffer.from(JSON.stringify(items));
    const { delay, result } = await delayOf(() => post('/v1/users/batch', body));
    expect(result.status).toBeLessThan(300);
    expect(delay).toBeLessThan(MAX_DELAY);
  });
});
