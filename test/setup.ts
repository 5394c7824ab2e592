import fc from 'fast-check';
import { afterEach, beforeEach, vi } from 'vitest';

// The same inputs in every run, so that a red test means a change. FC_SEED=2 npm run unit looks elsewhere.
fc.configureGlobal({ seed: Number(process.env.FC_SEED ?? 1) });

// Each test is a page of its own, where no copy of the library has begun.
beforeEach(() => void Reflect.deleteProperty(globalThis, Symbol.for('utmost')));

// Last of all, after what a test's own file does with them: the clock, the console and the globals are the real ones.
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});
