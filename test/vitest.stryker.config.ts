import { defineConfig } from 'vitest/config';

/** The own tests of what is pure, and none that look at sources: a mutant's source text is full of its alternatives. */
export default defineConfig({
  test: {
    include: [
      'test/campaign/**/*.test.ts',
      'test/delivery/{outbox-limits,superseded,merge,outcome,rate-limit,warnings}.test.ts',
      'test/shared/fingerprint.test.ts',
    ],
    setupFiles: ['test/setup.ts'],
    testTimeout: 30_000,
  },
});
