import { fileURLToPath } from 'node:url';
import { configDefaults, defineConfig } from 'vitest/config';
import { PATIENCE } from './e2e/patience.ts';

/** End-to-end tests that neither count nor measure, nor play several cases at once: two files of them run side by side. */
const PAIRED = [
  'adoption',
  'attribution',
  'auth/auth',
  'bundles',
  'capture-clients',
  'capture/calls',
  'capture/life',
  'conformance/capture',
  'compat',
  'consent-recipes',
  'cross-domain',
  'csp',
  'dashboard',
  'dashboard-pages',
  'dashboard-person',
  'dashboard-privacy',
  'dashboard-table',
  'field',
  'forms',
  'frameworks',
  'full',
  'licences',
  'links',
  'loading',
  'main-path',
  'moesif-browser',
  'package',
  'pages',
  'panel',
  'panel-checks',
  'public-values',
  'relay',
  'relay-recipes',
  'release',
  'renewal',
  'runtimes/copies',
  'runtimes/runtimes',
  'server',
  'set-user',
  'site',
  'sizes',
  'starting',
  'storage',
  'touches',
  'types',
].map(name => `e2e/${name}.test.ts`);

/** Tests of the collector that are the same on any database, or need a PostgreSQL server. */
const ON_ANY_DATABASE = [
  'profiles/merge',
  'routes/bombs',
  'routes/body',
  'routes/body-reader',
  'routes/event-stream',
  'database/full-disk',
  'database/type-cache',
].map(name => `test/demo/collector/${name}.test.ts`);
const ON_A_SERVER = ['change-feed', 'processes', 'replica'].map(
  name => `test/demo/collector/database/${name}.test.ts`,
);

/** The limits of a test that hangs. One that is slow, on a busy machine, is no failure. */
const PATIENT = {
  testTimeout: 4 * PATIENCE,
  hookTimeout: 4 * PATIENCE,
  expect: { poll: { timeout: PATIENCE } },
};

/** What all end-to-end tests have in common. */
const E2E = {
  ...PATIENT,
  globalSetup: ['e2e/global-setup.ts'],
};

export default defineConfig({
  resolve: {
    // The longer names first: the shorter one is the beginning of it.
    alias: {
      'utmost/full': fileURLToPath(new URL('./src/full.ts', import.meta.url)),
      'utmost/forms': fileURLToPath(new URL('./src/forms.ts', import.meta.url)),
      'utmost/capture': fileURLToPath(new URL('./src/capture.ts', import.meta.url)),
      './utmost.capture.min.js': fileURLToPath(new URL('./src/capture-script.ts', import.meta.url)),
      './utmost.panel.min.js': fileURLToPath(new URL('./src/panel-script.ts', import.meta.url)),
      'utmost/panel': fileURLToPath(new URL('./src/panel.ts', import.meta.url)),
      'utmost/simulate': fileURLToPath(new URL('./src/campaign/simulate.ts', import.meta.url)),
      'utmost/channel': fileURLToPath(new URL('./src/channel/channel-of.ts', import.meta.url)),
      'utmost/relay/node': fileURLToPath(new URL('./src/relay/node.ts', import.meta.url)),
      'utmost/server': fileURLToPath(new URL('./src/server.ts', import.meta.url)),
      'utmost/relay': fileURLToPath(new URL('./src/relay.ts', import.meta.url)),
      'utmost/react': fileURLToPath(new URL('./src/frameworks/react.ts', import.meta.url)),
      'utmost/vue': fileURLToPath(new URL('./src/frameworks/vue.ts', import.meta.url)),
      'utmost/svelte': fileURLToPath(new URL('./src/frameworks/svelte.ts', import.meta.url)),
      'utmost/next': fileURLToPath(new URL('./src/frameworks/next.ts', import.meta.url)),
      'utmost/watch': fileURLToPath(new URL('./src/frameworks/watch.ts', import.meta.url)),
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
          exclude: [...configDefaults.exclude, ...ON_A_SERVER],
          setupFiles: ['test/setup.ts'],
          maxWorkers: '100%',
          ...PATIENT,
        },
      },
      {
        extends: true,
        test: {
          // The tests of the collector once more, on a PostgreSQL server instead of PGlite.
          name: 'postgres',
          include: ['test/demo/collector/**/*.test.ts'],
          exclude: [...configDefaults.exclude, ...ON_ANY_DATABASE],
          setupFiles: ['test/setup.ts'],
          globalSetup: ['test/demo/postgres-setup.ts'],
          maxWorkers: '100%',
          ...PATIENT,
        },
      },
      {
        extends: true,
        test: {
          // Not among those of `npm test`: it installs what is heavy.
          ...E2E,
          name: 'examples',
          include: ['e2e/examples/*.check.ts'],
          maxWorkers: 1,
          // Of a test that hangs: npm and a framework's build may take minutes.
          testTimeout: 1_800_000,
        },
      },
      {
        extends: true,
        test: {
          ...E2E,
          name: 'e2e-paired',
          include: PAIRED,
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: {
          ...E2E,
          name: 'e2e',
          include: ['e2e/**/*.test.ts'],
          exclude: [...configDefaults.exclude, ...PAIRED],
          maxWorkers: 1,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
