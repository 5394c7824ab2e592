// A collector of its own, on what the environment says, as `npm run demo` starts it but for the build. Prints its port.
import { startDemo } from '../../../demo/server.ts';

const { DATABASE_URL, LISTEN_DATABASE_URL, READ_DATABASE_URL, READ_TOKEN } = process.env;
const demo = await startDemo({
  databaseUrl: DATABASE_URL,
  listenUrl: LISTEN_DATABASE_URL,
  readUrl: READ_DATABASE_URL,
  readToken: READ_TOKEN,
  trustProxy: 1,
});
console.log(`port=${demo.port}`);
process.stdin.resume().once('end', () => void demo.close().then(() => process.exit(0)));
