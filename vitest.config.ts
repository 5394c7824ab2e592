import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  resolve: {
    // The longer names first: the shorter one is the beginning of it.
    alias: {
      'utmost/full': fileURLToPath(new URL('./src/full.ts', import.meta.url)),
      'utmost/simulate': fileURLToPath(new URL('./src/campaign/simulate.ts', import.meta.url)),
      'utmost/server': fileURLToPath(new URL('./src/server.ts', import.meta.url)),
      'utmost/relay': fileURLToPath(new URL('./src/relay.ts', import.meta.url)),
      utmost: fileURLToPath(new URL('./src/index.ts', import.meta.url)),
    },
  },
  test: {
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          setupFiles: ['test/setup.ts'],
          testTimeout: 30_000,
        },
      },
      {
        extends: true,
        test: {
          // The tests of the collector once more, on a PostgreSQL server instead of PGlite.
          name: 'postgres',
          include: ['test/demo/collector/**/*.test.ts'],
          setupFiles: ['test/setup.ts'],
          globalSetup: ['test/demo/postgres-setup.ts'],
          testTimeout: 30_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'e2e',
          include: ['e2e/**/*.test.ts'],
          globalSetup: ['e2e/global-setup.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
