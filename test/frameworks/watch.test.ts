// @vitest-environment happy-dom
import type { Campaign } from 'utmost';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';

const getCampaign = vi.fn<() => Campaign | undefined>();
vi.mock('utmost', () => ({ getCampaign }));

let watchCampaign: typeof import('utmost/watch').watchCampaign;
const SPRING = { utm_source: 'spring' };
const stops: (() => void)[] = [];
/** What a listener was told. */
function watch(): (string | undefined)[] {
  const told: (string | undefined)[] = [];
  stops.push(watchCampaign(campaign => told.push(campaign?.utm_source)));
  return told;
}
beforeEach(async () => {
  vi.useFakeTimers();
  vi.resetModules();
  getCampaign.mockReset();
  ({ watchCampaign } = await import('utmost/watch'));
});
afterEach(() => {
  for (const stop of stops.splice(0)) stop();
  vi.useRealTimers();
});

it('tells of the campaign as it is, and of each change, in a task of its own', () => {
  // A new object each time, as the client makes it.
  getCampaign.mockImplementation(() => ({ ...SPRING }));
  const told = watch();
  expect(told).toEqual([]);
  vi.advanceTimersByTime(1000);
  expect(told).toEqual(['spring']);
  getCampaign.mockReturnValue(undefined);
  vi.advanceTimersByTime(1000);
  expect(told).toEqual(['spring', undefined]);
});

it('tells a later listener, and one that comes back, of what is', () => {
  getCampaign.mockReturnValue(SPRING);
  watch();
  vi.advanceTimersByTime(100);
  const later = watch();
  vi.advanceTimersByTime(0);
  expect(later).toEqual(['spring']);
  for (const stop of stops.splice(0)) stop();
  getCampaign.mockReturnValue(undefined);
  const back = watch();
  vi.advanceTimersByTime(0);
  expect(back).toEqual([undefined]);
});

it('asks ever more seldom while nothing happens: 40 times within a day', () => {
  watch();
  vi.advanceTimersByTime(3_600_000);
  expect(getCampaign.mock.calls.length).toBeLessThan(35);
  getCampaign.mockClear();
  vi.advanceTimersByTime(23 * 3_600_000);
  expect(getCampaign.mock.calls.length).toBeLessThan(26);
});

it('sees what comes late within half of the time it took', () => {
  const told = watch();
  vi.advanceTimersByTime(4000);
  getCampaign.mockReturnValue(SPRING);
  vi.advanceTimersByTime(2000 + 20);
  expect(told).toEqual([undefined, 'spring']);
});

it.each(['click', 'visibilitychange'])('asks anew after a %s, though the page stops the event', event => {
  const told = watch();
  vi.advanceTimersByTime(3_600_000);
  const button = document.body.appendChild(document.createElement('button'));
  button.addEventListener(event, each => each.stopPropagation());
  button.addEventListener(event, () => {
    setTimeout(() => getCampaign.mockReturnValue(SPRING), 500);
  });
  button.dispatchEvent(new Event(event, { bubbles: true }));
  vi.advanceTimersByTime(1000);
  expect(told).toEqual([undefined, 'spring']);
});

it('ends with its last listener', () => {
  watch();
  watch();
  vi.advanceTimersByTime(100);
  stops.pop()?.();
  expect(vi.getTimerCount()).toBe(1);
  stops.pop()?.();
  document.body.click();
  expect(vi.getTimerCount()).toBe(0);
});

it('does nothing on a server', () => {
  vi.stubGlobal('document', undefined);
  watch();
  expect(vi.getTimerCount()).toBe(0);
});
