import { setTimeout as sleep } from 'node:timers/promises';
import { codeOf, type Database, type Query } from './database.ts';

/** Milliseconds that a change of tables waits for a lock. Who reads or writes the table meanwhile waits behind it. */
const LOCK_TIMEOUT = 500;

/** Attempts to get a lock, and the milliseconds between two. */
const ATTEMPTS = 20;
const PAUSE = 250;

/**
 * Runs a change of tables in a transaction that waits for no lock longer than half a second, so that nobody is held up
 * behind it. Tries again where it did not get one, for some seconds.
 */
export async function withBriefLocks(
  database: Database,
  work: (query: Query) => Promise<void>,
): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await database.transaction(async query => {
        await query(`set local lock_timeout = ${LOCK_TIMEOUT}`);
        await work(query);
      });
    } catch (error) {
      // lock_not_available, deadlock_detected
      if (!['55P03', '40P01'].includes(codeOf(error)) || attempt === ATTEMPTS) throw error;
      await sleep(PAUSE);
    }
  }
}
