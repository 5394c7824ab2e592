import { fileURLToPath } from 'node:url';
import { serveStatic } from '@hono/node-server/serve-static';
import { Hono } from 'hono';

const file = (path: string) => serveStatic({ path: fileURLToPath(new URL(`../${path}`, import.meta.url)) });

const IMPORT_MAP = `<script type="importmap">${JSON.stringify({
  imports: {
    utmost: '/dist/index.js',
    ky: '/modules/ky/index.js',
    'js-cookie': '/modules/js-cookie.mjs',
    'idb-keyval': '/modules/idb-keyval.js',
  },
})}</script>`;

/** The three builds that ship, each as a page loads it. Each sets `window.utmost`, and calls `init` itself. */
export const BUILDS = ['script', 'esm', 'cjs'] as const;
export type Build = (typeof BUILDS)[number];

const head = (collector: string): Record<Build, string> => ({
  script: `<script async src="/dist/utmost.min.js" data-application-id="e2e" data-host="${collector}"></script>`,
  esm: `${IMPORT_MAP}<script type="module">
    import utmost from 'utmost';
    utmost.init({ applicationId: 'e2e', host: '${collector}' });
    window.utmost = utmost;
  </script>`,
  // What a bundler makes of require(), in a few lines.
  cjs: `${IMPORT_MAP}<script type="module">
    import Cookies from 'js-cookie';
    import * as idb from 'idb-keyval';
    const code = await (await fetch('/dist/index.cjs')).text();
    const module = { exports: {} };
    new Function('module', 'exports', 'require', code)(module, module.exports, name => ({ 'js-cookie': Cookies, 'idb-keyval': idb })[name]);
    module.exports.init({ applicationId: 'e2e', host: '${collector}' });
    window.utmost = module.exports.default;
  </script>`,
});

/** Builds a bare page. */
const page = (content: string, body = '') =>
  `<!doctype html><html lang="en"><meta charset="utf-8"><title>page</title>${content}<body>${body}</body></html>`;

/** Creates the pages with utmost as each build, the one without, and the one with the loader snippet. */
export function createBarePages(collector: string): Hono {
  const app = new Hono();
  for (const build of BUILDS) app.get(`/${build}/*`, c => c.html(page(head(collector)[build])));
  app.get('/plain/*', c => c.html(page('')));
  app.get('/snippet', c =>
    c.html(
      page(`${c.req.query('loader') ?? ''}<script>
        window.order = [];
        utmost.identifyUser('early', { order: 1, first: true }).then(receipt => order.push([1, receipt.status]));
        utmost.identifyUser('early', { order: 2 }).then(receipt => order.push([2, receipt.status]));
      </script>`),
    ),
  );
  return app;
}

/** Creates the pages that send notes, as nobody can look into the browser that shows them. */
export function createNotingPages(collector: string, notes: string[]): Hono {
  const app = new Hono();
  app.post('/note', async c => {
    notes.push(await c.req.text());
    return c.body(null, 204);
  });
  const note = `const note = text => fetch('/note', { method: 'POST', body: text, keepalive: true });`;
  app.get('/prerendering', c =>
    c.html(
      page(`<script type="speculationrules">
        {"prerender": [{"source": "list", "urls": ["/prerendered?utm_source=ahead"], "eagerness": "immediate"}]}
      </script>
      <script>setTimeout(() => { location.href = '/prerendered?utm_source=ahead'; }, 2000);</script>`),
    ),
  );
  app.get('/prerendered', c =>
    c.html(
      page(`${head(collector).script}<script>${note}
        document.addEventListener('prerenderingchange', () => note('shown'));
        setTimeout(() => note((document.prerendering ? 'prerendered ' : 'loaded ') + document.cookie), 800);
      </script>`),
    ),
  );
  app.get('/cached', c =>
    c.html(
      page(`${head(collector).script}<script>${note}
        addEventListener('pageshow', event => {
          if (event.persisted) setTimeout(() => note('cached ' + document.cookie), 300);
          else setTimeout(() => { location.href = '/and-back'; }, 800);
        });
      </script>`),
    ),
  );
  app.get('/and-back', c => c.html(page('<script>setTimeout(() => history.back(), 300);</script>')));
  return app;
}

/** Creates the page under a Content-Security-Policy, and its script. */
export function createPolicyPage(collector: string): Hono {
  const app = new Hono();
  app.get('/csp', c => {
    c.header(
      'Content-Security-Policy',
      `default-src 'none'; script-src 'self'; connect-src ${new URL(collector).origin}`,
    );
    return c.html(page(`${head(collector).script}<script defer src="/csp.js"></script>`));
  });
  app.get('/csp.js', c =>
    c.text(
      `window.violations = [];
      addEventListener('securitypolicyviolation', event => violations.push(event.violatedDirective));
      addEventListener('load', async () => { window.receipt = await utmost.identifyUser('csp', { strict: true }); });`,
      200,
      { 'Content-Type': 'text/javascript' },
    ),
  );
  return app;
}

/** Creates the addresses of the builds and of the modules that they import. */
export function createFiles(): Hono {
  const app = new Hono();
  app.get('/slow/utmost.min.js', async (c, next) => {
    await new Promise(resolve => setTimeout(resolve, 500));
    return file('dist/utmost.min.js')(c, next);
  });
  for (const name of ['utmost.min.js', 'index.js', 'index.cjs'])
    app.get(`/dist/${name}`, file(`dist/${name}`));
  app.get('/modules/js-cookie.mjs', file('node_modules/js-cookie/dist/js.cookie.mjs'));
  app.get('/modules/idb-keyval.js', file('node_modules/idb-keyval/dist/index.js'));
  app.get(
    '/modules/ky/*',
    serveStatic({
      root: fileURLToPath(new URL('../node_modules/ky/distribution', import.meta.url)),
      rewriteRequestPath: path => path.replace('/modules/ky', ''),
    }),
  );
  return app;
}
