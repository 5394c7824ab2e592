import { expect, it } from 'vitest';
import { createPause } from '../../src/delivery/rate-limit.ts';
import { memoryPause } from '../world.ts';

const NOW = Date.UTC(2026, 0, 15);
const DAY = 24 * 60 * 60_000;

it('lasts as long as the server asked', () => {
  const store = memoryPause();
  let now = NOW;
  const pause = createPause(
    store,
    () => now,
    () => false,
  );
  expect(pause.left()).toBe(0);
  pause.extend(5000);
  expect(pause.left()).toBe(5000);
  now += 4999;
  expect(pause.left()).toBe(1);
  now += 2;
  expect(pause.left()).toBe(0);
});

it('is never shortened', () => {
  const pause = createPause(
    memoryPause(),
    () => NOW,
    () => false,
  );
  pause.extend(5000);
  pause.extend(1000);
  expect(pause.left()).toBe(5000);
  pause.extend(6000);
  expect(pause.left()).toBe(6000);
});

it('holds for the next page too', () => {
  const store = memoryPause();
  createPause(
    store,
    () => NOW,
    () => false,
  ).extend(5000);
  expect(
    createPause(
      store,
      () => NOW + 1000,
      () => false,
    ).left(),
  ).toBe(4000);
});

it('that has no end is this page’s alone', () => {
  const store = memoryPause();
  const pause = createPause(
    store,
    () => NOW,
    () => false,
  );
  pause.extend(Infinity);
  expect(pause.left()).toBe(Infinity);
  expect(
    createPause(
      store,
      () => NOW,
      () => false,
    ).left(),
  ).toBe(0);
});

it('of over a day was saved by a clock that went wrong', () => {
  expect(
    createPause(
      memoryPause(NOW + DAY),
      () => NOW,
      () => false,
    ).left(),
  ).toBe(DAY);
  expect(
    createPause(
      memoryPause(NOW + DAY + 1),
      () => NOW,
      () => false,
    ).left(),
  ).toBe(0);
});
