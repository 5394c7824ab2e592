import { vi } from 'vitest';
import { PATIENCE } from './patience.ts';

/** Waits until assertions hold. Unlike `expect.poll` it also serves tests that run side by side. */
export const eventually = <T>(assert: () => T | Promise<T>): Promise<T> =>
  vi.waitFor(assert, { timeout: PATIENCE });
