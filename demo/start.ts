import { fileURLToPath } from 'node:url';
import { buildDemo } from './build.ts';
import { isFull, isUnreachable } from './collector/database/database.ts';
import { QueueError, type QueueOptions } from './collector/queue/queue.ts';
import { startIngest } from './ingest.ts';
import { isIngestOnly, readQueue } from './queue-settings.ts';
import { startDemo } from './server.ts';

const DEFAULT_PORT = 4600;

const CAMPAIGN = new URLSearchParams({
  utm_source: 'newsletter',
  utm_medium: 'email',
  utm_campaign: 'spring-launch',
  utm_term: 'project planning',
  utm_content: 'header-button',
  gclid: 'Cj0KCQjwdemo-click-1',
});

/** Ends the program with a sentence where a stack trace would not help. */
function giveUp(sentence: string): never {
  console.error(sentence);
  process.exit(1);
}

function readPort(text: string | undefined): number {
  if (!text) return DEFAULT_PORT;
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (port < 1 || port > 65_535) {
    giveUp(`PORT is "${text}", but a port is a number from 1 to 65535: PORT=${DEFAULT_PORT} npm run demo`);
  }
  return port;
}

/** Reads the address of a database server from a variable, if it is set. */
function readDatabaseUrl(
  name: 'DATABASE_URL' | 'LISTEN_DATABASE_URL' | 'READ_DATABASE_URL',
): string | undefined {
  const text = process.env[name];
  if (!text) return undefined;
  if (!/^postgres(ql)?:\/\//.test(text))
    giveUp(`${name} must be the address of a PostgreSQL server: postgres://user:password@host:5432/name`);
  if (!process.env.DATABASE_URL)
    giveUp(`${name} is set without DATABASE_URL, the address of the server that is written to. Set both.`);
  return text;
}

/** Reads a list with commas between its items; undefined where it has none. */
function readList(text: string | undefined): string[] | undefined {
  const items = text?.split(',').flatMap(item => item.trim() || []);
  return items?.length ? items : undefined;
}

/** Reads the secret for reading; undefined for a random one. */
function readReadToken(text: string | undefined): string | undefined {
  if (!text) return undefined;
  if (!/^[\x21-\x7e]{16,512}$/.test(text)) {
    giveUp(
      'READ_TOKEN must have 16 to 512 characters, letters, digits and signs without blanks. One is made by: openssl rand -hex 24',
    );
  }
  return text;
}

/** Reads the host names by which the demo is reached besides those of this machine. */
function readHosts(text: string | undefined): string[] {
  const hosts = readList(text) ?? [];
  const wrong = hosts.find(host => !/^[a-z\d]([a-z\d.-]*[a-z\d])?$/i.test(host));
  if (wrong !== undefined) {
    giveUp(`HOSTS has "${wrong}", but takes host names with commas between them: HOSTS=stats.example.com`);
  }
  return hosts;
}

/** Reads the number of proxies before the demo. */
function readTrustProxy(text: string | undefined): number {
  if (!text) return 0;
  if (!/^\d$/.test(text))
    giveUp(
      `TRUST_PROXY is "${text}", but takes the number of proxies before the demo, such as TRUST_PROXY=1`,
    );
  return Number(text);
}

/** Reads the days after which data is deleted; undefined for never. */
function readRetentionDays(text: string | undefined): number | undefined {
  if (!text) return undefined;
  const days = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (days < 1)
    giveUp(`RETENTION_DAYS is "${text}", but takes a whole number from 1, such as RETENTION_DAYS=365`);
  return days;
}

/** Reads the number of parts that tables are divided into; undefined for the default. */
function readPartitions(text: string | undefined): number | undefined {
  if (!text) return undefined;
  if (!/^\d\d?$/.test(text) || Number(text) > 64)
    giveUp(`PARTITIONS is "${text}", but takes a whole number from 0 to 64, such as PARTITIONS=8`);
  return Number(text);
}

/** Starts it, or ends the program with a sentence that tells what to do. */
async function start<Running>(work: () => Promise<Running>): Promise<Running> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof QueueError) giveUp(error.message);
    if (isFull(error)) giveUp((error as Error).message);
    if (databaseUrl && isUnreachable(error)) {
      const cause = (error as Error).message || 'no answer';
      giveUp(
        `The server of ${listenUrl ? 'LISTEN_DATABASE_URL' : 'DATABASE_URL'} can not be reached (${cause}). Start it, or leave DATABASE_URL out to keep the data in demo/.data.`,
      );
    }
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    const other = `choose another port: PORT=${port < 65_535 ? Math.max(port + 1, 4601) : 4601} npm run demo`;
    if (code === 'EADDRINUSE') giveUp(`Port ${port} is in use. Stop the other program or ${other}`);
    if (code === 'EACCES')
      giveUp(`Port ${port} needs rights that this program does not have. Please ${other}`);
    throw error;
  }
}

const port = readPort(process.env.PORT);
const databaseUrl = readDatabaseUrl('DATABASE_URL');
const listenUrl = readDatabaseUrl('LISTEN_DATABASE_URL');
const readUrl = readDatabaseUrl('READ_DATABASE_URL');
const applicationIds = readList(process.env.APPLICATION_IDS);
const readToken = readReadToken(process.env.READ_TOKEN);
const hosts = readHosts(process.env.HOSTS);
const trustProxy = readTrustProxy(process.env.TRUST_PROXY);
const retentionDays = readRetentionDays(process.env.RETENTION_DAYS);
const partitions = readPartitions(process.env.PARTITIONS);
const queue = readQueue(process.env, giveUp);
const senders = applicationIds
  ? `the application ids ${applicationIds.join(', ')}`
  : 'every application id (APPLICATION_IDS=one,two: only these)';

async function startAll() {
  await buildDemo().catch((error: Error) => giveUp(error.message));
  const demo = await start(() =>
    startDemo({
      port,
      // A folder a port: two processes on one folder would destroy the database, and only one can have the port.
      dataDir: fileURLToPath(new URL(`.data/${port}`, import.meta.url)),
      databaseUrl,
      listenUrl,
      readUrl,
      partitions,
      queue,
      applicationIds,
      readToken,
      hosts,
      trustProxy,
      retentionDays,
      strictTypes: process.env.STRICT_TYPES === '1',
      onFailure: giveUp,
      reload: process.env.RELOAD === '1',
    }),
  );
  console.log(`
  Site       ${demo.url('/')}
  App        ${demo.url('/app/')}
  Dashboard  ${demo.dashboard}
             signs this browser in; the API takes "Authorization: Bearer ${demo.readToken}"
  Collector  ${demo.collector}/v1/users
             takes ${senders}${queue ? ', by the queue of QUEUE_URL' : ''}
             keeps its data ${databaseUrl ? 'on the server of DATABASE_URL' : `in demo/.data/${port}`}, ${retentionDays ? `for ${retentionDays} days` : 'until it is deleted (RETENTION_DAYS=365: for a year)'}
  User.com   ${demo.url('/user-com/')}

Open the dashboard by its link, then arrive by a campaign link in another window and log in:

  ${demo.url(`/?${CAMPAIGN}`)}

Ctrl-C stops the demo. What the collector has stored stays for the next start.`);
  return demo;
}

async function startIngestOnly(queue: QueueOptions) {
  const ingest = await start(() =>
    startIngest({ port, queue, applicationIds, readToken, hosts, trustProxy }),
  );
  console.log(`
  Collector  http://127.0.0.1:${ingest.port}/v1/users
             takes ${senders}, and puts it into the queue of QUEUE_URL
  Health     http://127.0.0.1:${ingest.port}/health

A process without ROLE, with the same QUEUE_URL and a DATABASE_URL, writes what is in the queue.`);
  return ingest;
}

const running = isIngestOnly(process.env.ROLE, queue, giveUp)
  ? await startIngestOnly(queue)
  : await startAll();

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  // Not `once`: Ctrl-C reaches us from the terminal and again through npm, and the second must not cut the first short.
  process.on(signal, () => void running.close().then(() => process.exit(0)));
}
