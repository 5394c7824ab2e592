import { describe, expect, it } from 'vitest';
import { mergeResults, type UpstreamResult } from '../../src/relay/upstream-result.ts';

describe('several answers are one', () => {
  const one = (status: number, retryAfter = 0): UpstreamResult => ({
    upstream: `${status}`,
    status,
    retryAfter,
  });

  it.each([
    [[one(201), one(200)], 201],
    [[one(201), one(404)], 404],
    [[one(400), one(404)], 400],
    [[one(400), one(401)], 401],
    [[one(402), one(401)], 402],
    [[one(400), one(429)], 429],
    [[one(401), one(503)], 503],
    [[one(408), one(404)], 408],
    [[one(404), one(408)], 408],
    [[one(400), one(500)], 500],
    [[one(429), one(503)], 429],
    [[one(201), one(500)], 500],
  ])('%j: %i', ([first, second], status) => {
    expect(mergeResults([first as UpstreamResult, second as UpstreamResult]).status).toBe(status);
  });

  it('the longest wait counts, whoever asks for it', () => {
    expect(mergeResults([one(429, 5000), one(503, 9000)])).toMatchObject({ status: 429, retryAfter: 9000 });
    expect(mergeResults([one(503), one(401, 9000)])).toMatchObject({ status: 503, retryAfter: 9000 });
  });
});
