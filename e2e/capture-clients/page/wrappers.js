// Others that wrap `fetch` and `XMLHttpRequest`, each with how it begins and leaves, and what it has recorded.
import { FetchInterceptor } from '@mswjs/interceptors/fetch';
import { XMLHttpRequestInterceptor } from '@mswjs/interceptors/XMLHttpRequest';
import * as Sentry from '@sentry/browser';

const pathOf = url => new URL(url, location.href).pathname;

/** Sentry's SDK, by what it notes of the page's calls. It keeps its wrappers when it is closed. */
function startSentry() {
  const seen = [];
  Sentry.init({
    dsn: `${location.protocol}//key@${location.host}/1`,
    tracesSampleRate: 1,
    integrations: [Sentry.browserTracingIntegration({ instrumentPageLoad: false })],
    // Nothing of its own goes out: another test's server would be busy with it.
    transport: () => ({ send: async () => ({}), flush: async () => true }),
    beforeBreadcrumb({ category, data }) {
      if (/fetch|xhr/.test(category)) seen.push([category, pathOf(data.url), data.status_code ?? null]);
      return null;
    },
  });
  return { seen, leave: () => Sentry.close(), isWrapped: true };
}

/** The interceptors of Mock Service Worker, which answer `/api/mocked` and let all else pass. */
function startInterceptors() {
  const seen = [];
  const interceptors = [new FetchInterceptor(), new XMLHttpRequestInterceptor()];
  for (const interceptor of interceptors) {
    interceptor.apply();
    interceptor.on('request', ({ request, controller }) => {
      if (pathOf(request.url) === '/api/mocked') controller.respondWith(Response.json({ mocked: true }));
    });
    interceptor.on('response', ({ request, response }) => {
      const kind = interceptor instanceof FetchInterceptor ? 'fetch' : 'xhr';
      seen.push([kind, pathOf(request.url), response.status]);
    });
  }
  return { seen, leave: () => interceptors.map(interceptor => interceptor.dispose()) };
}

const STARTS = { Sentry: startSentry, MSW: startInterceptors };
let theirs;

window.startTheirs = name => {
  theirs = STARTS[name]();
};
window.stopTheirs = async () => void (await theirs.leave());
window.seenByThem = () => theirs.seen.splice(0);

/** Makes a call by both, and returns what the page got. */
window.callBoth = async path => {
  const byFetch = await fetch(path, { method: 'POST', body: '{"id":7}' });
  const xhr = new XMLHttpRequest();
  xhr.open('POST', path);
  const byXhr = await new Promise(resolve => {
    xhr.onloadend = () => resolve([xhr.status, xhr.responseText, xhr.responseURL]);
    xhr.send('{"id":7}');
  });
  return [[byFetch.status, await byFetch.text(), byFetch.url], byXhr];
};
