import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import { delayOf, MAX_DELAY } from '../loop-delay.ts';
import { GZIP, serve, times } from '../serve.ts';
import { useCollector } from '../use-collector.ts';

const { post, postAll } = serve(useCollector());
// What is slow for the first time alone is no matter of the request's shape.
beforeAll(async () => {
  for (let n = 0; n < 3; n++) await post('/v1/users/batch', gzipSync('[{"user_id":"first"}]'), GZIP);
});

const SIZE = 50 * 2 ** 20;
const BOMBS = {
  brackets: Buffer.alloc(SIZE, '['),
  commas: Buffer.concat([Buffer.from('[1'), Buffer.alloc(SIZE - 2, ',')]),
  objects: Buffer.alloc(SIZE, '{}'),
  'objects in a list': Buffer.concat([Buffer.from('['), Buffer.alloc(SIZE - 1, '{},')]),
  'lists in an item': Buffer.concat([Buffer.from('[['), Buffer.alloc(SIZE - 2, '[],')]),
  quotes: Buffer.concat([Buffer.from('['), Buffer.alloc(SIZE - 1, '"')]),
  blanks: Buffer.concat([Buffer.from('['), Buffer.alloc(SIZE - 1, ' ')]),
};

describe(`the loop is never held up for ${MAX_DELAY} ms`, () => {
  it.each(Object.entries(BOMBS))('by 50 MB of %s, packed, once or 40 at once', async (_, bomb) => {
    const packed = gzipSync(bomb, { level: 1 });
    for (const count of [1, 40]) {
      const bombs = times(count, () => packed);
      const { delay, result } = await delayOf(() => postAll('/v1/users/batch', bombs, GZIP));
      for (const { status } of result) expect([400, 413, 503]).toContain(status);
      expect(delay).toBeLessThan(MAX_DELAY);
    }
  });
});

it('more bytes at once than may be held are refused with a 503, and taken when there is room', async () => {
  // What no profile has is held, and not stored.
  const items = times(48, n => ({ user_id: `h${n}`, unknown: 'x'.repeat(1_000_000) }));
  const body = Buffer.from(JSON.stringify(items));
  const answers = await Promise.all(times(5, () => post('/v1/users/batch', body)));
  const statuses = answers.map(({ status }) => status);
  expect(statuses).toContain(503);
  // Two of them fit, however they come side by side.
  expect(statuses.filter(status => status < 300).length).toBeGreaterThanOrEqual(2);
  expect((await post('/v1/users/batch', body)).status).toBe(200);
});
