import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, inject, it } from 'vitest';
import { createCollector } from '../../../../demo/collector/app.ts';
import type { Database } from '../../../../demo/collector/database/database.ts';
import { openDatabase } from '../../../../demo/collector/database/open-database.ts';
import { READ_TOKEN } from '../use-collector.ts';

const disk = mkdtempSync(join(tmpdir(), 'full-disk-'));
const run = (command: string, ...words: string[]) => spawnSync(command, words).status === 0;
const isMounted =
  inject('postgres') === undefined && run('mount', '-t', 'tmpfs', '-o', 'size=100m', 'tmpfs', disk);
afterAll(() => {
  if (isMounted) run('umount', disk);
  rmSync(disk, { recursive: true, force: true });
});

const failing = (code: string): Database => {
  const fail = () => Promise.reject(Object.assign(new Error('could not extend file'), { code }));
  return { query: fail, read: fail, transaction: fail, close: async () => {} };
};

const post = (app: ReturnType<typeof createCollector>, body: unknown) =>
  app.request('/v1/users', {
    method: 'POST',
    headers: { 'X-Moesif-Application-Id': 'full' },
    body: JSON.stringify(body),
  });

it('a server whose disk is full is answered 503 with Retry-After', async () => {
  const answer = await post(createCollector({ database: failing('53100'), readToken: READ_TOKEN }), {
    user_id: 'u',
  });
  expect(answer.status).toBe(503);
  expect(answer.headers.get('Retry-After')).toBe('1');
  expect(await answer.text()).toContain('disk of the database is full');
});

// It takes the right to mount: elsewhere the test above has to do.
it.skipIf(!isMounted)(
  'PGlite on a full disk says so once, and has all that was acknowledged when there is room',
  async () => {
    const folder = join(disk, 'data');
    const failures: string[] = [];
    const database = await openDatabase({ folder, onFailure: sentence => failures.push(sentence) });
    const app = createCollector({ database, readToken: READ_TOKEN });
    let acknowledged = 0;
    for (let n = 0; failures.length === 0; n++) {
      const text = randomBytes(150_000).toString('hex');
      const { status } = await post(app, { user_id: `u${n}`, metadata: { text } });
      expect([201, 503]).toContain(status);
      if (status === 201) acknowledged++;
    }
    expect((await post(app, { user_id: 'late' })).status).toBe(503);
    await database.close();
    expect(failures).toHaveLength(1);
    expect(failures[0]).toMatch(/^The disk of the database is full/);
    await expect(openDatabase({ folder })).rejects.toThrow(/^The disk of the database is full: .* MB free/);

    expect(run('mount', '-o', 'remount,size=400m', disk)).toBe(true);
    const again = await openDatabase({ folder });
    const { rows } = await again.query<{ count: number }>('select count(*)::int as count from profiles');
    expect(acknowledged).toBeGreaterThan(5);
    expect(rows[0]?.count).toBeGreaterThanOrEqual(acknowledged);
    await again.close();
  },
);
