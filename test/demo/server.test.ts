import { mkdtemp, rm } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Demo, type DemoOptions, startDemo } from '../../demo/server.ts';
import { readFrom } from '../../e2e/read-from.ts';

let folder: string;
let demo: Demo;
const options: DemoOptions = {
  collectorOrigin: (host, port) =>
    host === 'www.example.test' ? `http://"collector".test:${port}` : 'http://c.test',
};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'demo-'));
  demo = await startDemo({ ...options, dataDir: join(folder, 'a', 'b') });
}, 60_000);
afterAll(async () => {
  await demo.close();
  await rm(folder, { recursive: true });
});

const post = (body: unknown) =>
  fetch(`${demo.collector}/v1/users`, {
    method: 'POST',
    headers: { 'X-Moesif-Application-Id': 'demo' },
    body: JSON.stringify(body),
  });

/** The page that a browser gets which has been told that `host` is at this address. */
const pageAt = (host: string) =>
  new Promise<string>((resolve, reject) => {
    request({ host: '127.0.0.1', port: demo.port, path: '/pricing', headers: { host } }, async response => {
      resolve((await response.setEncoding('utf8').toArray()).join(''));
    })
      .on('error', reject)
      .end();
  });

describe('the demo', () => {
  it('gives every page of the site the collector’s address, escaped', async () => {
    expect(await pageAt('www.example.test')).toContain(
      `data-host="http://&quot;collector&quot;.test:${demo.port}"`,
    );
    for (const path of ['/', '/blog', '/blog/the-friday-list']) {
      const page = await (await fetch(demo.url(path))).text();
      expect(page).toContain('"http://c.test"');
      expect(page).not.toContain('{{');
    }
  });

  it('serves no file that is not on its list', async () => {
    for (const path of ['/site/index.html', '/server.ts', '/..%2fpackage.json', '/dashboard/../start.ts']) {
      expect((await fetch(demo.url(path))).status).toBe(404);
    }
  });

  it('knows the visitor’s address', async () => {
    await post({ user_id: 'addressed' });
    expect(await (await readFrom(demo, '/profile?user_id=addressed')).json()).toMatchObject({
      ip_address: '127.0.0.1',
    });
  });

  it('rejects when the port is taken', async () => {
    await expect(startDemo({ port: demo.port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });

  it('keeps all data through close and start on the same port, an open event stream notwithstanding', async () => {
    await post({ anonymous_id: 'a', campaign: { utm_source: 'news' } });
    await post({ user_id: 'u', anonymous_id: 'a', session_token: 's', metadata: { deep: { key: 1 } } });
    const before = await (await readFrom(demo, '/profiles')).text();
    const stream = await readFrom(demo, '/events');
    const { port } = demo;
    await Promise.all([demo.close(), demo.close()]);
    await expect(stream.text()).rejects.toThrow();
    demo = await startDemo({ ...options, port, dataDir: join(folder, 'a', 'b') });
    expect(demo.port).toBe(port);
    expect(await (await readFrom(demo, '/profiles')).text()).toBe(before);
  }, 60_000);
});
