import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { serveStatic } from '@hono/node-server/serve-static';
import { type Handler, Hono, type NotFoundHandler } from 'hono';
import { html } from 'hono/html';
import { secureHeaders } from 'hono/secure-headers';

/**
 * The files by address, relative to this folder. A list and not a folder, so that no page is ever served with
 * its {{…}} unfilled.
 */
const FILES = {
  '/utmost.min.js': '../dist/utmost.min.js',
  '/utmost.panel.min.js': '../dist/utmost.panel.min.js',
  '/utmost.min.js.map': '../dist/utmost.min.js.map',
  '/utmost.forms.min.js': '../dist/utmost.forms.min.js',
  '/favicon.svg': 'favicon.svg',
  '/theme.css': 'theme.css',
  '/site.css': 'site/site.css',
  '/home.css': 'site/home.css',
  '/pricing.css': 'site/pricing.css',
  '/blog.css': 'site/blog.css',
  '/app/app.css': 'app/app.css',
  '/app/app.js': '.build/app.js',
  '/app/app.js.map': '.build/app.js.map',
  '/dashboard/dashboard.css': 'dashboard/dashboard.css',
  '/dashboard/views.css': 'dashboard/views.css',
  '/dashboard/dashboard.js': 'dashboard/dashboard.js',
  '/dashboard/people.js': 'dashboard/people.js',
  '/dashboard/card.js': 'dashboard/card.js',
  '/user-com/user-com.css': 'user-com/user-com.css',
  '/user-com/user-com.js': 'user-com/user-com.js',
  '/dashboard/profile.js': 'dashboard/profile.js',
  '/dashboard/ask.js': 'dashboard/ask.js',
  '/dashboard/text.js': 'dashboard/text.js',
  '/dashboard/deletion.js': 'dashboard/deletion.js',
  '/dashboard/live.js': 'dashboard/live.js',
  '/dashboard/sign-in.js': 'dashboard/sign-in.js',
  '/dashboard/campaigns.js': 'dashboard/campaigns.js',
  '/dashboard/campaign-table.js': 'dashboard/campaign-table.js',
  '/dashboard/chart-library.js': 'dashboard/chart-library.js',
  '/dashboard/columns.js': 'dashboard/columns.js',
  '/dashboard/entry.js': 'dashboard/entry.js',
  '/dashboard/filters.js': 'dashboard/filters.js',
  '/dashboard/funnel.js': 'dashboard/funnel.js',
  '/dashboard/lines.js': 'dashboard/lines.js',
  '/dashboard/period.js': 'dashboard/period.js',
  '/dashboard/table.css': 'dashboard/table.css',
  '/dashboard/table.js': 'dashboard/table.js',
  '/dashboard/conversions.js': 'dashboard/conversions.js',
  '/dashboard/call.js': 'dashboard/call.js',
  '/dashboard/path.js': 'dashboard/path.js',
  '/dashboard/bars.js': 'dashboard/bars.js',
  '/dashboard/format.js': 'dashboard/format.js',
  '/dashboard/chart.js': '../node_modules/chart.js/dist/chart.umd.min.js',
};

const PAGES = {
  '/': 'site/index.html',
  '/pricing': 'site/pricing.html',
  '/blog': 'site/blog.html',
  '/blog/the-friday-list': 'site/posts/the-friday-list.html',
  '/blog/estimates-in-weather': 'site/posts/estimates-in-weather.html',
  // The app routes by itself: every address below /app/ is the same page.
  '/app/*': 'app/index.html',
  '/dashboard/': 'dashboard/index.html',
  '/user-com/': 'user-com/index.html',
};

/** Of the site and the app. Their files may be used by other origins, and where a visitor came from is the demo's subject. */
const HEADERS = secureHeaders({
  crossOriginResourcePolicy: false,
  crossOriginOpenerPolicy: false,
  strictTransportSecurity: false,
  referrerPolicy: 'strict-origin-when-cross-origin',
  overwrite: false,
});

/**
 * Creates the routes of the demo's pages. `collectorFor` returns what {{collector}} becomes, by the host name
 * of the request.
 */
export function createPages(collectorFor: (requestHost: string) => string): Hono {
  const app = new Hono();
  app.use(HEADERS);
  // Always asked for again: a rebuilt bundle must not come out of the browser's cache.
  app.use(async (c, next) => {
    await next();
    c.header('Cache-Control', 'no-cache');
  });
  app.get('/app', c => c.redirect('/app/'));
  app.get('/user-com', c => c.redirect('/user-com/'));
  app.post('/newsletter', showSubscription);
  for (const [address, file] of Object.entries(FILES)) app.get(address, serveStatic({ path: locate(file) }));
  for (const [address, file] of Object.entries(PAGES)) app.get(address, servePage(file, collectorFor));
  return app;
}

/** Shows what the newsletter's form has brought. A real site would keep it. */
const showSubscription: Handler = async c => {
  const fields = Object.entries(await c.req.parseBody());
  return c.html(
    toPage(
      'Thank you',
      html`<p>This is what the form has brought along. The demo keeps none of it.</p>
      <dl>${fields.map(([name, value]) => html`<dt>${name}</dt><dd>${value || '–'}</dd>`)}</dl>
      <p><a href="/">Back</a></p>`,
    ),
  );
};

/** Says that nothing is at an address: to a person on a page that leads on, and to a program as JSON. */
export const showNotFound: NotFoundHandler = c =>
  c.req.header('Accept')?.includes('text/html')
    ? c.html(
        toPage(
          'There is nothing at this address',
          html`<p>Go on to the <a href="/">site</a>, the <a href="/app/">app</a> or the <a href="/dashboard/">dashboard</a>.</p>`,
        ),
        404,
      )
    : c.json({ error: 'There is nothing at this address.' }, 404);

const toPage = (title: string, content: ReturnType<typeof html>) => html`<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Kittiwake · ${title}</title>
    <link rel="icon" href="/favicon.svg">
    <link rel="stylesheet" href="/theme.css">
    <link rel="stylesheet" href="/site.css">
  </head>
  <body>
    <main id="main">
      <h1>${title}</h1>
      ${content}
    </main>
  </body>
</html>`;

function servePage(file: string, collectorFor: (requestHost: string) => string): Handler {
  return async c => {
    const page = await readFile(locate(file), 'utf8');
    // The host name comes from the request, so the `html` tag escapes it for the attribute it goes into.
    const collector = String(await html`${collectorFor(new URL(c.req.url).hostname)}`);
    return c.html(page.replaceAll('{{collector}}', () => collector));
  };
}

function locate(file: string): string {
  return fileURLToPath(new URL(file, import.meta.url));
}
