import { fileURLToPath } from 'node:url';
import { buildDemo } from './build.ts';
import { type Demo, startDemo } from './server.ts';

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

async function start(port: number): Promise<Demo> {
  // A folder a port: two processes on one folder would destroy the database, and only one can have the port.
  const dataDir = fileURLToPath(new URL(`.data/${port}`, import.meta.url));
  try {
    return await startDemo({ port, dataDir });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    const other = `choose another port: PORT=${port < 65_535 ? Math.max(port + 1, 4601) : 4601} npm run demo`;
    if (code === 'EADDRINUSE') giveUp(`Port ${port} is in use. Stop the other program or ${other}`);
    if (code === 'EACCES')
      giveUp(`Port ${port} needs rights that this program does not have. Please ${other}`);
    throw error;
  }
}

const port = readPort(process.env.PORT);
await buildDemo().catch((error: Error) => giveUp(error.message));
const demo = await start(port);

console.log(`
  Site       ${demo.url('/')}
  App        ${demo.url('/app/')}
  Dashboard  ${demo.url('/dashboard/')}
  Collector  ${demo.collector}/v1/users
  User.com   ${demo.url('/user-com/')}

Open the dashboard, then arrive by a campaign link in another window and log in:

  ${demo.url(`/?${CAMPAIGN}`)}

Ctrl-C stops the demo. What the collector has stored stays for the next start on this port.`);

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  // Not `once`: Ctrl-C reaches us from the terminal and again through npm, and the second must not cut the first short.
  process.on(signal, () => void demo.close().then(() => process.exit(0)));
}
