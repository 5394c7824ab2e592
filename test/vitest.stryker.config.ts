import { defineConfig } from 'vitest/config';

/** The own tests of what is pure, and none that look at sources: a mutant's source text is full of its alternatives. */
export default defineConfig({
  test: {
    include: [
      'test/campaign/**/*.test.ts',
      'test/delivery/{bounds,last-word,merge,outcome,pause,warnings}.test.ts',
      'test/shared/digest.test.ts',
    ],
    setupFiles: ['test/setup.ts'],
    testTimeout: 30_000,
  },
});
