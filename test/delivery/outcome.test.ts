import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { backoff, parseRetryAfter, toOutcome } from '../../src/delivery/outcome.ts';

const SECOND = 1000;
const DAY = 24 * 60 * 60 * SECOND;
const NOW = Date.UTC(2026, 0, 15, 12);

/** What an answer means that has no body: nobody but the API can say that an update is at fault. */
const expected = (status: number) => {
  if (status < 300) return ['delivered'];
  if (status === 429) return ['queued', 'rate-limited'];
  if ([401, 402, 408].includes(status) || status >= 500) return ['queued', 'http'];
  return [400, 413, 422].includes(status) ? ['dropped', 'http'] : ['queued', 'not-the-api'];
};
const told = (status: number, isHtml?: boolean, first?: string) => {
  const { status: outcome, reason } = toOutcome(status, null, NOW, isHtml, first?.charCodeAt(0));
  return reason ? [outcome, reason] : [outcome];
};

const statuses = Array.from({ length: 400 }, (_, index) => 200 + index);

it('every status from 200 to 599 has its meaning', () => {
  expect(statuses.map(status => [status, ...told(status)])).toEqual(
    statuses.map(status => [status, ...expected(status)]),
  );
});

it('a refusal in JSON is the API’s or the relay’s own word on this update, and final', () => {
  for (const status of statuses) {
    const isRefusal = status >= 400 && ![401, 402, 408, 429].includes(status) && status < 500;
    expect([status, ...told(status, false, '{')]).toEqual([
      status,
      ...(isRefusal ? ['dropped', 'http'] : expected(status)),
    ]);
  }
});

it('a document neither confirms nor refuses anything, whatever its status', () => {
  for (const status of statuses) {
    const outcome = expected(status);
    const isTemporary = outcome[0] === 'queued';
    expect([status, ...told(status, true, '<')]).toEqual([
      status,
      ...(isTemporary ? outcome : ['queued', 'not-the-api']),
    ]);
  }
});

it('a redirect, of which a browser shows no status, confirms nothing', () => {
  expect(toOutcome(0, null, NOW)).toEqual({
    status: 'queued',
    reason: 'redirected',
    httpStatus: 0,
    message: 'HTTP redirect; check host, relay and proxies',
    retryAfter: 0,
  });
});

it.each(statuses)('%i is told to the caller', httpStatus => {
  const { retryAfter: _, ...receipt } = toOutcome(httpStatus, null, NOW);
  expect(receipt).toMatchObject({ httpStatus });
  if (httpStatus < 300) expect(receipt.message).toBeUndefined();
  else expect(receipt.message).toMatch(new RegExp(`^HTTP ${httpStatus}; (check .*|it waits)$`));
});

it.each([
  [401, '; check application id and subscription'],
  [402, '; check application id and subscription'],
  [404, '; check host, relay and proxies'],
  [503, '; it waits'],
  [429, '; it waits'],
])('the message of %i tells what can be done, or that the update waits', (status, fix) => {
  expect(toOutcome(status, null, NOW).message).toBe(`HTTP ${status}${fix}`);
});

it.each([
  [200, true, '<', 'not-the-api'],
  [200, false, '<', undefined],
  [200, true, '{', undefined],
  [200, true, 'o', undefined],
  [200, true, undefined, undefined],
  [400, true, '<', 'not-the-api'],
  [400, false, '<', 'http'],
  [404, true, '<', 'not-the-api'],
  [404, false, '<', 'not-the-api'],
  [404, true, '{', 'http'],
  [404, false, '[', 'http'],
  [404, false, 'N', 'not-the-api'],
  [404, false, '"', 'not-the-api'],
  [404, false, undefined, 'not-the-api'],
])('%i, as HTML: %j, whose body begins with %s, is %s', (status, isHtml, first, reason) => {
  expect(told(status, isHtml, first)[1]).toBe(reason);
});

it('401 and 402 have no end until the site’s owner mends something, whatever Retry-After says', () => {
  expect(toOutcome(401, null, NOW).retryAfter).toBe(Infinity);
  expect(toOutcome(402, '5', NOW).retryAfter).toBe(Infinity);
});

it('429, 503 and what is not the API’s wait as long as they ask for', () => {
  expect(toOutcome(403, '7', NOW).retryAfter).toBe(7 * SECOND);
  expect(toOutcome(429, '7', NOW).retryAfter).toBe(7 * SECOND);
  expect(toOutcome(503, '7', NOW).retryAfter).toBe(7 * SECOND);
  expect(toOutcome(503, null, NOW).retryAfter).toBe(0);
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
