// npm run forget-type <application id> <key>: lets a key of metadata have another type than it was first seen with.
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { isUnreachable } from './collector/database/database.ts';
import { forgetType } from './collector/database/forget-type.ts';
import { openDatabase } from './collector/database/open-database.ts';

function giveUp(sentence: string): never {
  console.error(sentence);
  process.exit(1);
}

/** Takes the demo's port while this runs: a second process on its folder would destroy the database. */
function takePort(port: number): Promise<() => void> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve(() => server.close()));
  });
}

const [applicationId, key] = process.argv.slice(2);
if (!applicationId || !key)
  giveUp('Name the application and the key: npm run forget-type -- <application id> <key>');
const url = process.env.DATABASE_URL || undefined;
const listenUrl = process.env.LISTEN_DATABASE_URL || undefined;
const port = Number(process.env.PORT || 4600);
const leave = url
  ? () => {}
  : await takePort(port).catch(() =>
      giveUp(`Stop the demo on port ${port} first: one process at a time may open demo/.data/${port}.`),
    );
try {
  const folder = fileURLToPath(new URL(`.data/${port}`, import.meta.url));
  const database = await openDatabase({ url, listenUrl, folder, partitions: 0 });
  const type = await forgetType(database, applicationId, key);
  await database.close();
  if (type === undefined) giveUp(`The application ${applicationId} has no key ${key}.`);
  console.log(`${key} was a ${type} in ${applicationId}. The next update that brings it decides its type.`);
} catch (error) {
  if (!isUnreachable(error)) throw error;
  giveUp(`The database can not be opened: ${(error as Error).message}`);
} finally {
  leave();
}
