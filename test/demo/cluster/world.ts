import { NGINX, startNginx } from '../../../e2e/nginx.ts';
import { fencesOf, readPage } from '../../docs/pages.ts';
import { freePort } from '../../free-port.ts';
import { type CollectorProcess, startProcess } from '../collector-processes.ts';
import { PGBOUNCER } from '../pgbouncer.ts';
import { findPostgres } from '../postgres-server.ts';
import { startServers } from './servers.ts';

/** What has to be installed for a cluster, if anything. */
export const missing = [!findPostgres() && 'postgresql', !PGBOUNCER && 'pgbouncer', !NGINX && 'nginx'].filter(
  Boolean,
);

if (missing.length > 0) {
  console.warn(
    `\n!!! SKIPPED: several collectors behind nginx and PgBouncer, with a replica. apt-get install ${missing.join(' ')}\n`,
  );
}

const [upstream = '', location = ''] = fencesOf(readPage('docs/collector.md'), 'nginx');

/**
 * Starts a primary, a replica that it waits for, PgBouncer, two collectors, and nginx. PgBouncer and nginx are as the
 * documentation configures them.
 */
export async function openCluster() {
  const ends: (() => Promise<unknown>)[] = [];
  const close = async () => {
    for (const end of ends.reverse()) await end();
  };
  try {
    const servers = await startServers();
    ends.push(servers.close);
    const env = {
      DATABASE_URL: servers.url,
      LISTEN_DATABASE_URL: servers.listenUrl,
      READ_DATABASE_URL: servers.replicaUrl,
      TRUST_PROXY: '1',
    };
    const start = async () => {
      const collector = await startProcess('worker', env);
      ends.push(collector.kill);
      return collector;
    };
    const collectors = (await Promise.all([start(), start()])) as [CollectorProcess, CollectorProcess];
    const port = await freePort();
    const lines = collectors.map(({ port }) => `server 127.0.0.1:${port};`);
    ends.push(
      startNginx(`
        ${upstream.replace(/(\s*server .*;)+/, `\n${lines.join('\n')}`)}
        server {
          listen 127.0.0.1:${port};
          add_header X-Process $upstream_addr always;
          ${location}
        }`),
    );
    return { servers, collectors, port, close };
  } catch (error) {
    await close();
    throw error;
  }
}

export type Cluster = Awaited<ReturnType<typeof openCluster>>;
