import { execFileSync, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { accessSync, chmodSync, chownSync, constants, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { freePort } from '../free-port.ts';

/** A PostgreSQL server of our own. */
export interface PostgresServer {
  version: string;
  /** The address of its administrative database. */
  url: string;
  /** Ends the server at once, without a clean end of its data. */
  halt(): Promise<void>;
  /** Starts it again after `halt`. */
  resume(): Promise<void>;
  /** Ends the server and removes its data. */
  stop(): Promise<void>;
}

/** The folder where Debian keeps the programs of PostgreSQL that it does not put on the PATH. */
const DEBIAN = '/usr/lib/postgresql';

/** The folder of the newest `initdb` and `postgres` of this machine, if there are any. */
export function findPostgres(): string | undefined {
  const versions = readFolder(DEBIAN).sort((a, b) => Number(b) - Number(a));
  const onPath = (process.env.PATH ?? '').split(delimiter).filter(Boolean);
  const folders = [...onPath, ...versions.map(version => join(DEBIAN, version, 'bin'))];
  return folders.find(folder => isProgram(join(folder, 'postgres')) && isProgram(join(folder, 'initdb')));
}

/** Starts PostgreSQL as an ordinary user, on a free port of this machine, with its data in a temporary folder. */
export async function startPostgres(bin: string): Promise<PostgresServer> {
  const folder = mkdtempSync(join(tmpdir(), 'utmost-postgres-'));
  const data = join(folder, 'data');
  const user = ordinaryUser();
  const identity = user && { uid: user.uid, gid: user.gid };
  if (user) chownSync(folder, user.uid, user.gid);
  chmodSync(folder, 0o700);
  const env = { PATH: process.env.PATH ?? '', LC_ALL: 'C', TZ: 'UTC' };
  execFileSync(
    join(bin, 'initdb'),
    ['-D', data, '-U', 'collector', '--auth=trust', '--encoding=UTF8', '--no-sync'],
    { ...identity, env, cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] },
  );
  const port = await freePort();
  const settings = ['-p', String(port), '-k', folder, '-h', '127.0.0.1', '-c', 'max_connections=60'];
  const run = () => {
    const server = spawn(join(bin, 'postgres'), ['-D', data, ...settings], {
      ...identity,
      env,
      cwd: folder,
      stdio: 'ignore',
    });
    return { server, exited: once(server, 'exit') };
  };
  let running = run();
  const url = `postgres://collector@127.0.0.1:${port}/postgres`;
  // A test that is cut short must not leave a server behind.
  const kill = () => running.server.kill('SIGQUIT');
  process.once('exit', kill);

  const stop = async () => {
    process.off('exit', kill);
    // At once, without waiting for clients: nobody needs the data again.
    running.server.kill('SIGINT');
    await running.exited;
    rmSync(folder, { recursive: true, force: true });
  };
  const halt = async () => {
    kill();
    await running.exited;
  };
  const version = () => patiently(() => query<{ server_version: string }>(url, 'show server_version'));
  const resume = async () => {
    running = run();
    await version();
  };
  try {
    const [row] = await version();
    return { version: row?.server_version ?? '', url, halt, resume, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Creates an empty database on a server and returns its address. */
export async function createDatabase(url: string): Promise<string> {
  const name = `c${randomUUID().replaceAll('-', '')}`;
  // Two at once can meet at the template that both copy.
  await patiently(() => query(url, `create database ${name}`));
  return new URL(`/${name}`, url).href;
}

async function query<Row extends pg.QueryResultRow>(
  connectionString: string,
  statement: string,
): Promise<Row[]> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    return (await client.query<Row>(statement)).rows;
  } finally {
    await client.end();
  }
}

async function patiently<Result>(work: () => Promise<Result>): Promise<Result> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (attempt === 100) throw error;
      await sleep(100);
    }
  }
}

/**
 * The user to become where the process is root, as PostgreSQL refuses to run as root: `postgres` if there is
 * one, else `nobody`.
 */
function ordinaryUser(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  for (const name of ['postgres', 'nobody']) {
    try {
      const id = (flag: string) =>
        Number(execFileSync('id', [flag, name], { encoding: 'utf8', stdio: 'pipe' }));
      return { uid: id('-u'), gid: id('-g') };
    } catch {
      // The next one.
    }
  }
  return undefined;
}

function readFolder(path: string): string[] {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
