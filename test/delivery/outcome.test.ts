import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { backoff, outcomeOf, parseRetryAfter } from '../../src/delivery/outcome.ts';

const SECOND = 1000;
const DAY = 24 * 60 * 60 * SECOND;
const NOW = Date.UTC(2026, 0, 15, 12);

/** What the Users API's documented answers mean; every other status below 500 is final. */
const expected = (status: number) => {
  if (status < 300) return 'delivered';
  return [401, 402, 408, 429].includes(status) || status >= 500 ? 'queued' : 'dropped';
};

const statuses = Array.from({ length: 400 }, (_, index) => 200 + index);

it('every status from 200 to 599 has its documented meaning', () => {
  expect(statuses.map(status => [status, outcomeOf(status, null, NOW).status])).toEqual(
    statuses.map(status => [status, expected(status)]),
  );
});

it.each(statuses)('%i is told to the caller', httpStatus => {
  const { after: _, ...receipt } = outcomeOf(httpStatus, null, NOW);
  expect(receipt).toMatchObject({ httpStatus });
  const { reason, message } = receipt;
  const told = ['http', `HTTP ${httpStatus}`];
  if (httpStatus === 429) told[0] = 'rate-limited';
  expect([reason, message]).toEqual(httpStatus < 300 ? [undefined, undefined] : told);
});

it('401 and 402 have no end until the site’s owner mends something, whatever Retry-After says', () => {
  expect(outcomeOf(401, null, NOW).after).toBe(Infinity);
  expect(outcomeOf(402, '5', NOW).after).toBe(Infinity);
});

it('429 and 503 wait as long as they ask for', () => {
  expect(outcomeOf(429, '7', NOW).after).toBe(7 * SECOND);
  expect(outcomeOf(503, '7', NOW).after).toBe(7 * SECOND);
  expect(outcomeOf(503, null, NOW).after).toBe(0);
});

describe('Retry-After', () => {
  it.each([
    ['0', 0],
    ['120', 120 * SECOND],
    [' 5 ', 5 * SECOND],
    [new Date(NOW + 90 * SECOND).toUTCString(), 90 * SECOND],
    [new Date(NOW).toUTCString(), 0],
    [new Date(NOW - DAY).toUTCString(), 0],
    [null, 0],
    ['', 0],
    ['soon', 0],
    ['-5', 0],
    ['+5', 0],
    ['0x10', 0],
    ['1e3', 0],
    ['1.5', 0],
    ['50000.5', 0],
    ['0b11', 0],
    ['5, 5', 0],
    ['Infinity', 0],
    ['2099-01-01T00:00:00Z', 0],
    ['5.5.2099', 0],
    ['007', 7 * SECOND],
    ['Thursday, 15-Jan-26 12:01:30 GMT', 90 * SECOND],
    ['NaN', 0],
    ['86400', DAY],
    ['86401', DAY],
    ['9'.repeat(400), DAY],
    [new Date(NOW + 400 * DAY).toUTCString(), DAY],
  ])('%j is a wait of %i ms', (header, wait) => expect(parseRetryAfter(header, NOW)).toBe(wait));

  it('is never more than a day, and never a number a timer cannot take', () => {
    fc.assert(
      fc.property(fc.string(), header => {
        const wait = parseRetryAfter(header, NOW);
        expect(wait >= 0 && wait <= DAY).toBe(true);
      }),
    );
  });
});

describe('the backoff', () => {
  it.each([
    [1, 1],
    [2, 2],
    [3, 4],
    [9, 256],
    [10, 300],
    [11, 300],
    [5000, 300],
  ])('after failure %i lies anywhere below %i s', (failures, seconds) => {
    expect(backoff(failures, 0)).toBe(0);
    expect(backoff(failures, 0.5)).toBe((seconds * SECOND) / 2);
    expect(backoff(failures, 1 - Number.EPSILON)).toBeLessThan(seconds * SECOND);
  });
});
