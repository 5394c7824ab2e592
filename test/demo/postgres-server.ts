import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import {
  accessSync,
  chmodSync,
  chownSync,
  constants,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { freePort } from '../free-port.ts';

/** A PostgreSQL server of our own. */
export interface PostgresServer {
  version: string;
  /** The address of its administrative database. */
  url: string;
  /** Ends the server as a power cut would. Its data stays until `stop`. */
  kill(): Promise<void>;
  /** Ends the server at once, without a clean end of its data. */
  halt(): Promise<void>;
  /** Starts it again after `halt`. */
  resume(): Promise<void>;
  /** Ends the server and removes its data. */
  stop(): Promise<void>;
}

/** Makes the folder of a server's data. `run` runs one of PostgreSQL's programs. */
type Prepare = (data: string, run: (program: string, args: string[]) => void) => void;

/** How a server is started. */
export interface ServerOptions {
  /** Default: an empty server. */
  prepare?: Prepare;
  /** Whether data survives that of the machine, too, and not only the server's death. Default: true. */
  isDurable?: boolean;
}

const createData: Prepare = (data, run) =>
  run('initdb', ['-D', data, '-U', 'collector', '--auth=trust', '--encoding=UTF8', '--no-sync']);

/** Makes the data of a streaming replica of a server. */
export const copyOf =
  ({ url }: PostgresServer): Prepare =>
  (data, run) =>
    run('pg_basebackup', ['-D', data, '-d', url, '-R', '--checkpoint=fast', '--no-sync']);

/** The folder where Debian keeps the programs of PostgreSQL that it does not put on the PATH. */
const DEBIAN = '/usr/lib/postgresql';

/** The folder of the newest `initdb` and `postgres` of this machine, if there are any. */
export function findPostgres(): string | undefined {
  const versions = readFolder(DEBIAN).sort((a, b) => Number(b) - Number(a));
  const onPath = (process.env.PATH ?? '').split(delimiter).filter(Boolean);
  const folders = [...onPath, ...versions.map(version => join(DEBIAN, version, 'bin'))];
  const folder = folders.find(
    folder => isProgram(join(folder, 'postgres')) && isProgram(join(folder, 'initdb')),
  );
  // A link may be all that is on the PATH, and the other programs beside what it leads to.
  return folder && dirname(realpathSync(join(folder, 'postgres')));
}

/** Starts PostgreSQL as an ordinary user, on a free port of this machine, with its data in a temporary folder. */
export async function startPostgres(
  bin: string,
  { prepare = createData, isDurable = true }: ServerOptions = {},
): Promise<PostgresServer> {
  const folder = mkdtempSync(join(tmpdir(), 'utmost-postgres-'));
  const data = join(folder, 'data');
  const user = ordinaryUser();
  const identity = user && { uid: user.uid, gid: user.gid };
  if (user) chownSync(folder, user.uid, user.gid);
  chmodSync(folder, 0o700);
  const env = { PATH: process.env.PATH ?? '', LC_ALL: 'C', TZ: 'UTC' };
  prepare(data, (program, args) =>
    execFileSync(join(bin, program), args, {
      ...identity,
      env,
      cwd: folder,
      stdio: ['ignore', 'ignore', 'inherit'],
    }),
  );
  const port = await freePort();
  const settings = ['-p', String(port), '-k', folder, '-h', '127.0.0.1', '-c', 'max_connections=60'];
  if (!isDurable) settings.push('-c', 'fsync=off');
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
  const quit = () => running.server.kill('SIGQUIT');
  process.once('exit', quit);

  const stop = async () => {
    process.off('exit', quit);
    // At once, without waiting for clients or a checkpoint: nobody needs the data again.
    quit();
    await running.exited;
    rmSync(folder, { recursive: true, force: true });
  };
  const halt = async () => {
    quit();
    await running.exited;
  };
  const version = () => patiently(() => query<{ server_version: string }>(url, 'show server_version'));
  const resume = async () => {
    running = run();
    await version();
  };
  try {
    const [row] = await version();
    const kill = async () => {
      const [, , , , , , memory = ''] = readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n');
      running.server.kill('SIGKILL');
      await running.exited;
      // A segment of shared memory outlives it.
      spawnSync('ipcrm', ['-m', memory.trim().split(/\s+/)[1] ?? ''], { stdio: 'ignore' });
    };
    return { version: row?.server_version ?? '', url, kill, halt, resume, stop };
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

/** Runs a statement on a connection of its own. */
export async function query<Row extends pg.QueryResultRow>(
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
export function ordinaryUser(): { uid: number; gid: number } | undefined {
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
