import type { TestProject } from 'vitest/node';
import { findPostgres, startPostgres } from './postgres-server.ts';

/** Starts one PostgreSQL server for all tests of the collector, or says that there is none. */
export default async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  const bin = findPostgres();
  if (!bin) {
    console.warn(
      '\n!!! SKIPPED: the collector on a real PostgreSQL server. There is none here: apt-get install postgresql\n',
    );
    project.provide('postgres', '');
    return undefined;
  }
  const server = await startPostgres(bin);
  console.log(`PostgreSQL ${server.version} of ${bin}, for the tests of the collector`);
  project.provide('postgres', server.url);
  return server.stop;
}
