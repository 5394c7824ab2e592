// One process of the collector with a queue, as the tests start and kill it: `ingest`, or `worker` for all of the work.
import { startIngest } from '../../../demo/ingest.ts';
import { startDemo } from '../../../demo/server.ts';

const { QUEUE_URL: url = '', DATABASE_URL: databaseUrl, READ_TOKEN: readToken, PORT } = process.env;
const options = { port: Number(PORT), queue: { url }, readToken };
const running = await (process.argv[2] === 'ingest'
  ? startIngest(options)
  : startDemo({ ...options, databaseUrl }));
console.log(`listens at ${running.port}`);
