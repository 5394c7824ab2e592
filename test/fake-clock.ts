import { beforeEach, vi } from 'vitest';

/**
 * Gives each test of a file a clock that stands at one time until the test moves it, and keeps the console's warnings
 * for the test to read. `test/setup.ts` takes both away again.
 */
export function useFakeClock(): void {
  beforeEach(() => {
    vi.useFakeTimers({ now: Date.UTC(2026, 0, 15) });
    vi.spyOn(console, 'warn').mockImplementation(() => {});
  });
}
