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
const pageAt = (host: string, path = '/pricing', headers: Record<string, string> = {}) =>
  new Promise<string>((resolve, reject) => {
    request({ host: '127.0.0.1', port: demo.port, path, headers: { ...headers, host } }, async response => {
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

  it('shows nobody to whoever does not bring the secret, or comes under a foreign name', async () => {
    const Authorization = `Bearer ${demo.readToken}`;
    for (const path of ['/profiles', '/user-com/users']) {
      expect((await fetch(demo.url(path))).status).toBe(401);
      expect((await fetch(demo.url(path), { headers: { Authorization } })).status).toBe(200);
      expect(await pageAt('evil.example', path, { Authorization })).toMatch(/^\{"error":"The Host/);
    }
    expect(await pageAt('evil.example', '/dashboard/')).toMatch(/^\{"error":"The Host/);
  });

  it('has pages that run nothing inline where people are shown, and no page in a frame', async () => {
    const policy = async (path: string) =>
      (await fetch(demo.url(path))).headers.get('Content-Security-Policy') ?? '';
    for (const path of ['/dashboard/', '/dashboard/dashboard.js', '/dashboard/nothing']) {
      expect(await policy(path)).toMatch(/default-src 'none'; script-src 'self'; style-src 'self'/);
      expect(await policy(path)).not.toContain('unsafe');
    }
    expect((await fetch(demo.url('/'))).headers.get('X-Frame-Options')).toBe('SAMEORIGIN');
    expect((await fetch(demo.url('/dashboard/'))).headers.get('X-Frame-Options')).toBe('DENY');
    const page = await (await fetch(demo.url('/dashboard/'))).text();
    expect(page).not.toMatch(/<script(?![^>]* src=)|<style| style=| on[a-z]+=/);
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
