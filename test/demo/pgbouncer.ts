import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fencesOf, readPage } from '../docs/pages.ts';
import { freePort } from '../free-port.ts';
import { ordinaryUser } from './postgres-server.ts';

/** The PgBouncer of this machine. Where Debian puts it is on no ordinary user's path. */
export const PGBOUNCER = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin']
  .map(directory => join(directory, 'pgbouncer'))
  .find(existsSync);

const [DOCUMENTED = ''] = fencesOf(readPage('docs/collector.md'), 'ini');

/**
 * Starts PgBouncer as the documentation configures it, before a database. `url` leads to the entry that shares
 * connections between transactions, and `listenUrl` to the one that does not. It may take a moment until it listens.
 */
export async function startPgBouncer(database: string) {
  const folder = mkdtempSync(join(tmpdir(), 'utmost-pgbouncer-'));
  const user = ordinaryUser();
  const port = await freePort();
  const file = join(folder, 'pgbouncer.ini');
  const write = (database: string) => {
    const { hostname, port: serverPort, pathname } = new URL(database);
    writeFileSync(
      file,
      `${DOCUMENTED.replaceAll(
        /host=\S+ port=\S+ dbname=\S+/g,
        `host=${hostname} port=${serverPort} dbname=${pathname.slice(1)}`,
      )
        .replace(/listen_port = .*/, `listen_port = ${port}`)
        .replace(/auth_type = .*/, 'auth_type = trust')
        .replace(/auth_file = .*/, `auth_file = ${folder}/users`)}\nunix_socket_dir =\n`,
    );
  };
  write(database);
  writeFileSync(join(folder, 'users'), '"collector" ""\n');
  for (const path of user ? [folder, file, join(folder, 'users')] : [])
    chownSync(path, user?.uid ?? 0, user?.gid ?? 0);
  const child = spawn(`${PGBOUNCER}`, ['-q', file], {
    ...(user && { uid: user.uid, gid: user.gid }),
    cwd: folder,
    stdio: ['ignore', 'ignore', process.env.DEBUG ? 'inherit' : 'ignore'],
  });
  const exited = once(child, 'exit');
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  return {
    url: `postgres://collector@127.0.0.1:${port}/utmost`,
    listenUrl: `postgres://collector@127.0.0.1:${port}/utmost_listen`,
    /** Leads it to another server, as after a promotion. */
    leadTo(database: string) {
      write(database);
      child.kill('SIGHUP');
    },
    async stop() {
      process.off('exit', kill);
      kill();
      await exited;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
