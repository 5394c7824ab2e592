import { expect, it } from 'vitest';
import { createRateLimit } from '../../src/delivery/rate-limit.ts';
import { memoryPause } from '../world.ts';

const NOW = Date.UTC(2026, 0, 15);
const DAY = 24 * 60 * 60_000;

it('lasts as long as the server asked', () => {
  const store = memoryPause();
  let now = NOW;
  const pause = createRateLimit(
    store,
    () => now,
    () => false,
  );
  expect(pause.remaining()).toBe(0);
  pause.pauseFor(5000);
  expect(pause.remaining()).toBe(5000);
  now += 4999;
  expect(pause.remaining()).toBe(1);
  now += 2;
  expect(pause.remaining()).toBe(0);
});

it('is never shortened', () => {
  const pause = createRateLimit(
    memoryPause(),
    () => NOW,
    () => false,
  );
  pause.pauseFor(5000);
  pause.pauseFor(1000);
  expect(pause.remaining()).toBe(5000);
  pause.pauseFor(6000);
  expect(pause.remaining()).toBe(6000);
});

it('holds for the next page too', () => {
  const store = memoryPause();
  createRateLimit(
    store,
    () => NOW,
    () => false,
  ).pauseFor(5000);
  expect(
    createRateLimit(
      store,
      () => NOW + 1000,
      () => false,
    ).remaining(),
  ).toBe(4000);
});

it('that has no end is this page’s alone', () => {
  const store = memoryPause();
  const pause = createRateLimit(
    store,
    () => NOW,
    () => false,
  );
  pause.pauseFor(Infinity);
  expect(pause.remaining()).toBe(Infinity);
  expect(
    createRateLimit(
      store,
      () => NOW,
      () => false,
    ).remaining(),
  ).toBe(0);
});

it('of over a day was saved by a clock that went wrong', () => {
  expect(
    createRateLimit(
      memoryPause(NOW + DAY),
      () => NOW,
      () => false,
    ).remaining(),
  ).toBe(DAY);
  expect(
    createRateLimit(
      memoryPause(NOW + DAY + 1),
      () => NOW,
      () => false,
    ).remaining(),
  ).toBe(0);
});
