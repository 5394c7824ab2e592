import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { endGroup } from './programs.ts';

/** The nginx of this machine. Where Debian puts it is on no ordinary user's path. */
export const NGINX = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin']
  .map(directory => join(directory, 'nginx'))
  .find(existsSync);

/** The message of a test that has to do without it. */
export const NO_NGINX = 'NOT TESTED: what is said of nginx in docs/relay.md; apt-get install nginx.';

/**
 * Starts nginx with these directives in its `http` block, in a folder of its own and without other settings. Returns
 * what ends it. It may take a moment until it listens.
 */
export function startNginx(directives: string): () => Promise<void> {
  const prefix = mkdtempSync(join(tmpdir(), 'utmost-nginx-'));
  const config = join(prefix, 'nginx.conf');
  const folders = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    name => `${name}_temp_path ${prefix}/${name};`,
  );
  writeFileSync(
    config,
    `daemon off; master_process off; pid ${prefix}/pid; error_log stderr emerg;
    events {}
    http { access_log off; ${folders.join(' ')} ${directives} }`,
  );
  const nginx = spawn(`${NGINX}`, ['-p', prefix, '-c', config, '-e', 'stderr'], {
    stdio: ['ignore', 'inherit', 'inherit'],
    detached: true,
  });
  return async () => {
    await endGroup(nginx);
    rmSync(prefix, { recursive: true });
  };
}
