import { type DatabaseOptions, openDatabase } from '../../../demo/collector/database/open-database.ts';
import { openPostgres } from '../../../demo/collector/database/postgres.ts';

/** An update as a process of the former version writes it, whoever migrates meanwhile. */
const WRITE = `
  insert into updates (application_id, kind, id, time, entry_id, received_time, body)
  values ('probe', 'user', 'u', clock_timestamp(), $1, clock_timestamp(), '{}')`;

/** Milliseconds between two writes. */
const PAUSE = 20;

/**
 * Brings a database up to date, and writes to it meanwhile, where it is on a server. Says how long both took: all of the
 * migration, and the longest of the writes, which waits for locks.
 */
export async function migrateWhileWriting(options: DatabaseOptions): Promise<string> {
  const begin = performance.now();
  let longest = 0;
  let writes = 0;
  let isDone = false;
  const writer = options.url ? openPostgres({ url: options.url }) : undefined;
  const write = async () => {
    for (; writer && !isDone; writes++) {
      const start = performance.now();
      await writer.query(WRITE, [String(writes)]);
      longest = Math.max(longest, performance.now() - start);
      await new Promise(resolve => setTimeout(resolve, PAUSE));
    }
  };
  const writing = write();
  try {
    await (await openDatabase(options)).close();
  } finally {
    isDone = true;
    await writing;
    await writer?.close();
  }
  const seconds = `${((performance.now() - begin) / 1000).toFixed(0)} s`;
  return writer ? `${seconds}, the longest of ${writes} writes meanwhile ${Math.round(longest)} ms` : seconds;
}
