// A process of the collector on what the environment says, as `npm run demo` starts it but for the build.
import { startIngest } from '../../demo/ingest.ts';
import { startDemo } from '../../demo/server.ts';

const {
  QUEUE_URL,
  DATABASE_URL: databaseUrl,
  LISTEN_DATABASE_URL: listenUrl,
  READ_DATABASE_URL: readUrl,
  READ_TOKEN: readToken,
  TRUST_PROXY,
  PORT,
} = process.env;
const queue = QUEUE_URL ? { url: QUEUE_URL } : undefined;
const options = { port: Number(PORT), readToken, trustProxy: Number(TRUST_PROXY ?? 0) };
const running = await (process.env.ROLE === 'ingest' && queue
  ? startIngest({ ...options, queue })
  : startDemo({ ...options, queue, databaseUrl, listenUrl, readUrl }));
console.log(`listens at ${running.port}`);
// Its input ends with the process that has started it, however that ends.
process.stdin.resume().once('end', () => process.exit(0));
