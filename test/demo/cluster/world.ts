import { NGINX, startNginx } from '../../../e2e/nginx.ts';
import { fencesOf, readPage } from '../../docs/pages.ts';
import { freePort } from '../../free-port.ts';
import { PGBOUNCER, startPgBouncer } from '../pgbouncer.ts';
import { copyOf, createDatabase, findPostgres, query, startPostgres } from '../postgres-server.ts';
import { type CollectorProcess, startCollector } from './processes.ts';

const bin = findPostgres();

/** What has to be installed for a cluster, if anything. */
export const missing = [!bin && 'postgresql', !PGBOUNCER && 'pgbouncer', !NGINX && 'nginx'].filter(Boolean);

const [upstream = '', location = ''] = fencesOf(readPage('docs/collector.md'), 'nginx');

/**
 * Starts a primary, a replica that it waits for, PgBouncer, two collectors, and nginx, the last two as the
 * documentation configures them.
 */
export async function openCluster() {
  const ends: (() => Promise<unknown>)[] = [];
  const close = async () => {
    for (const end of ends.reverse()) await end();
  };
  try {
    const primary = await startPostgres(`${bin}`, { isDurable: false });
    ends.push(primary.stop);
    const database = await createDatabase(primary.url);
    const replica = await startPostgres(`${bin}`, { isDurable: false, prepare: copyOf(primary) });
    ends.push(replica.stop);
    const replicaUrl = new URL(new URL(database).pathname, replica.url).href;
    const bouncer = await startPgBouncer(database);
    ends.push(bouncer.stop);
    const start = async () => {
      const collector = await startCollector({
        DATABASE_URL: bouncer.url,
        LISTEN_DATABASE_URL: bouncer.listenUrl,
        READ_DATABASE_URL: replicaUrl,
      });
      ends.push(collector.kill);
      return collector;
    };
    const collectors = (await Promise.all([start(), start()])) as [CollectorProcess, CollectorProcess];
    await query(primary.url, `alter system set synchronous_standby_names = '*'`);
    await query(primary.url, 'select pg_reload_conf()');
    const port = await freePort();
    const servers = collectors.map(({ port }) => `server 127.0.0.1:${port};`);
    ends.push(
      startNginx(`
        ${upstream.replace(/(\s*server .*;)+/, `\n${servers.join('\n')}`)}
        server {
          listen 127.0.0.1:${port};
          add_header X-Process $upstream_addr always;
          ${location}
        }`),
    );
    /** Promotes the replica and leads PgBouncer to it. */
    const promote = async () => {
      await query(replica.url, 'select pg_promote()');
      bouncer.leadTo(replicaUrl);
    };
    return { primary, replica, replicaUrl, bouncer, collectors, port, promote, close };
  } catch (error) {
    await close();
    throw error;
  }
}

export type Cluster = Awaited<ReturnType<typeof openCluster>>;
