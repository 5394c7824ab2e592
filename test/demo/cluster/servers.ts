import { eventually } from '../../../e2e/eventually.ts';
import { startPgBouncer } from '../pgbouncer.ts';
import {
  copyOf,
  createDatabase,
  findPostgres,
  type PostgresServer,
  query,
  startPostgres,
} from '../postgres-server.ts';

/** True once a replica has what the primary has written, and the primary waits for it with each commit. */
const IS_SYNCHRONOUS = `select from pg_stat_replication where sync_state = 'sync' and flush_lsn >= pg_current_wal_lsn()`;

/** A primary, a replica that it waits for, and PgBouncer before them. */
export interface DatabaseServers {
  readonly primary: PostgresServer;
  readonly replica: PostgresServer;
  /** The address of the database on the replica. */
  readonly replicaUrl: string;
  /** The addresses of the database at PgBouncer. */
  readonly url: string;
  readonly listenUrl: string;
  /** Promotes the replica, and leads PgBouncer to it. It has no replica of its own then. */
  promote(): Promise<void>;
  /** Copies the primary that was promoted, whose replica the copy is. */
  addReplica(): Promise<void>;
  close(): Promise<void>;
}

/** Starts a primary and a replica. What the primary acknowledges from now on is on both. */
export async function startServers(): Promise<DatabaseServers> {
  const bin = `${findPostgres()}`;
  const running: { stop(): Promise<void> }[] = [];
  const close = async () => {
    for (const server of running.splice(0).reverse()) await server.stop();
  };
  const started = <Server extends { stop(): Promise<void> }>(server: Server) => {
    running.push(server);
    return server;
  };
  try {
    let primary = started(await startPostgres(bin, { isDurable: false }));
    const database = await createDatabase(primary.url);
    const urlAt = (server: PostgresServer) => new URL(new URL(database).pathname, server.url).href;
    const startReplica = async () => {
      const replica = started(await startPostgres(bin, { isDurable: false, prepare: copyOf(primary) }));
      // After the copy, which a primary would wait for in vain once it has been promoted.
      await query(primary.url, `alter system set synchronous_standby_names = '*'`);
      await query(primary.url, 'select pg_reload_conf()');
      await eventually(async () => {
        if ((await query(primary.url, IS_SYNCHRONOUS)).length === 0)
          throw new Error('The replica is behind.');
      });
      return replica;
    };
    let replica = await startReplica();
    const bouncer = started(await startPgBouncer(database));
    return {
      get primary() {
        return primary;
      },
      get replica() {
        return replica;
      },
      get replicaUrl() {
        return urlAt(replica);
      },
      url: bouncer.url,
      listenUrl: bouncer.listenUrl,
      async promote() {
        await query(replica.url, 'select pg_promote()');
        bouncer.leadTo(urlAt(replica));
      },
      async addReplica() {
        primary = replica;
        replica = await startReplica();
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Kills the primary, promotes its replica, and adds another. `meanwhile` is awaited after each of the first two. */
export async function failOver(servers: DatabaseServers, meanwhile: () => Promise<void>): Promise<void> {
  await servers.primary.kill();
  await meanwhile();
  await servers.promote();
  await meanwhile();
  await servers.addReplica();
}
