import { defineConfig } from 'vitest/config';

/** The campaign's own tests, and none that look at sources: a mutant's source text is full of its alternatives. */
export default defineConfig({
  test: { include: ['test/campaign/**/*.test.ts'] },
});
