import { Hono } from 'hono';
import { secureHeaders } from 'hono/secure-headers';
import type { Access } from './collector/routes/access.ts';

/** What the dashboard's pages may load and do: nothing but what comes from here, and nothing inline. */
const HEADERS = secureHeaders({
  contentSecurityPolicy: {
    defaultSrc: ["'none'"],
    scriptSrc: ["'self'"],
    styleSrc: ["'self'"],
    imgSrc: ["'self'"],
    connectSrc: ["'self'"],
    baseUri: ["'none'"],
    formAction: ["'none'"],
    frameAncestors: ["'none'"],
    requireTrustedTypesFor: ["'script'"],
    trustedTypes: ["'none'"],
  },
  xFrameOptions: 'DENY',
  // Whether the dashboard is reached by TLS is for the proxy before it to know.
  strictTransportSecurity: false,
});

/**
 * Creates the routes by which a browser signs in to the dashboard, and protects its pages. They come before the pages.
 *
 * `GET /dashboard/?token=…` is the link that is printed at start. It leads to the same address without the token.
 * `POST /dashboard/session` takes a token that was typed, and `DELETE` ends the session.
 */
export function createSignIn(access: Access): Hono {
  const app = new Hono();
  app.use('/dashboard/*', HEADERS, access.guardHost);
  app.on('GET', ['/dashboard', '/dashboard/'], async (c, next) => {
    const query = new URLSearchParams(new URL(c.req.url).search);
    const token = query.get('token');
    if (token === null) return c.req.path === '/dashboard' ? c.redirect('/dashboard/') : next();
    query.delete('token');
    query.delete('refused');
    if (access.isToken(token)) access.signIn(c);
    else query.set('refused', '1');
    c.header('Cache-Control', 'no-store');
    return c.redirect(`/dashboard/${query.size > 0 ? `?${query}` : ''}`);
  });
  app.use('/dashboard/session', access.guardSource);
  app.post('/dashboard/session', async c => {
    // Its length is bounded: whoever signs in is not known yet.
    const isLong = Number(c.req.header('Content-Length') ?? Number.POSITIVE_INFINITY) > 4096;
    if (isLong || !access.isToken(await c.req.text()))
      return c.json(
        { error: 'This is not the token. It is a part of the link that the collector printed.' },
        401,
      );
    access.signIn(c);
    return c.body(null, 204);
  });
  app.delete('/dashboard/session', c => {
    access.signOut(c);
    return c.body(null, 204);
  });
  return app;
}
