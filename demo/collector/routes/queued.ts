import { Hono } from 'hono';
import type { Database } from '../database/database.ts';
import type { Queue } from '../queue/queue.ts';
import { DELETABLE, DELETABLE_PATHS, readPersonQuery } from './person.ts';

/**
 * Creates the routes of a collector with a queue: `GET /health`, which tells how much waits, and deletions that go
 * through the queue, so that they hold for all that waits before them. `database` finds the only application where a
 * request names none.
 */
export function createQueueRoutes(queue: Queue, database?: Database): Hono {
  const app = new Hono();
  for (const path of DELETABLE_PATHS) {
    app.delete(path, async c => {
      await queue.entrance.enqueueDeletion(await readPersonQuery(c, database, DELETABLE[path]));
      return c.json({ queued: true }, 202);
    });
  }
  app.get('/health', async c => {
    try {
      const depth = await queue.stream.depth();
      const worker = queue.worker?.state;
      return c.json({ status: worker?.waits_for ? 'waiting' : 'ok', queue: depth, worker: worker ?? null });
    } catch (error) {
      console.error(`The queue can not be reached: ${(error as Error).message}`);
      return c.json({ status: 'failing', error: 'The queue can not be reached.' }, 503, {
        'Retry-After': '1',
      });
    }
  });
  return app;
}
