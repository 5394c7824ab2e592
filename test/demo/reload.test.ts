import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Hono } from 'hono';
import { afterEach, expect, it } from 'vitest';
import { createReload } from '../../demo/reload.ts';

const folder = fileURLToPath(new URL('../../demo/site', import.meta.url));
const built = ['../../dist', '../../demo/.build'].map(path => fileURLToPath(new URL(path, import.meta.url)));
const file = `${folder}/reload-test.css`;
afterEach(() => rmSync(file, { force: true }));

const demo = new Hono().get('/', c => c.html('<p>page</p>')).get('/x.css', c => c.text('p {}'));

it('an open page hears of a change of its files, and nothing but pages is changed', async () => {
  for (const path of built) mkdirSync(path, { recursive: true });
  const app = createReload().route('/', demo);
  expect(await (await app.request('/')).text()).toBe('<p>page</p><script src="/reload.js"></script>');
  expect(await (await app.request('/reload.js')).text()).toContain("EventSource('/reload')");
  expect(await (await app.request('/x.css')).text()).toBe('p {}');
  const end = new AbortController();
  const reader = (await app.request('/reload', { signal: end.signal })).body?.getReader();
  const next = async () => new TextDecoder().decode((await reader?.read())?.value);
  expect(await next()).toBe(': open\n\n');
  writeFileSync(file, 'p {}');
  expect(await next()).toBe('data: changed\n\n');
  await reader?.cancel();
});
