import { watch } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Hono } from 'hono';
import { streamSSE } from 'hono/streaming';

/** The folders that pages are made of. */
const FOLDERS = ['../dist', '.build', '.', 'site', 'site/posts', 'app', 'dashboard', 'user-com'];

/** Milliseconds after a change: a build writes several files. */
const DELAY = 300;

/** Loads the page again after a change, and after a restart of the server. */
const SCRIPT = `const changes = new EventSource('/reload');
changes.onmessage = () => location.reload();
changes.onerror = () => { changes.onopen = () => location.reload(); };
`;

/** Creates what makes open pages load again when one of their files changes. It comes before the pages' routes. */
export function createReload(): Hono {
  const app = new Hono();
  app.get('/reload', c =>
    streamSSE(c, async stream => {
      let timer: NodeJS.Timeout;
      const tell = () => {
        clearTimeout(timer);
        timer = setTimeout(() => void stream.writeSSE({ data: 'changed' }), DELAY);
      };
      const watchers = FOLDERS.map(folder => watch(fileURLToPath(new URL(folder, import.meta.url)), tell));
      // Opened at once: the page hears of a restart by it.
      await stream.write(': open\n\n');
      await new Promise<void>(resolve => stream.onAbort(resolve));
      for (const watcher of watchers) watcher.close();
    }),
  );
  // A file of its own: the policy of the dashboard lets nothing inline run.
  app.get('/reload.js', c => c.body(SCRIPT, 200, { 'Content-Type': 'text/javascript' }));
  app.use(async (c, next) => {
    await next();
    if (!c.res.headers.get('Content-Type')?.startsWith('text/html')) return;
    c.res = new Response(`${await c.res.text()}<script src="/reload.js"></script>`, c.res);
  });
  return app;
}
