// The thread of PGlite. Plain JavaScript, as Node runs no TypeScript in a thread of a program that something else loads.
import { readFileSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import { PGlite } from '@electric-sql/pglite';
import { pg_trgm } from '@electric-sql/pglite/contrib/pg_trgm';

/** Rows that are posted at once: reading many at the other side would hold it up. */
const ROWS = 50;

const port = /** @type {import('node:worker_threads').MessagePort} */ (parentPort);
const extensions = { pg_trgm };
const { folder, image } = workerData;
const pglite = await PGlite.create({
  extensions,
  ...(folder !== undefined && { dataDir: folder }),
  ...(image !== undefined && { loadDataDir: new Blob([readFileSync(image)]) }),
}).catch(error => port.postMessage({ error: toMessage(error) }));

if (pglite) {
  port.on('message', async message => {
    try {
      if (message === 'close') {
        await pglite.close();
        port.postMessage({ rows: [], isLast: true });
        return port.close();
      }
      const { rows } = await pglite.query(message.statement, message.parameters);
      let from = 0;
      do {
        port.postMessage({ rows: rows.slice(from, from + ROWS), isLast: from + ROWS >= rows.length });
        from += ROWS;
      } while (from < rows.length);
    } catch (error) {
      port.postMessage({ error: toMessage(error) });
    }
  });
  port.postMessage({ rows: [], isLast: true });
}

/** Returns what is known of an error: a copy of it would have no code. */
function toMessage(error) {
  const { message, code, severity } = error;
  return { message: String(message ?? error), code, severity };
}
