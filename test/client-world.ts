import { createClient } from '../src/client.ts';
import { normaliseOptions, type Options } from '../src/options.ts';
import type { JsonObject, Receipt } from '../src/types.ts';
import { CookieJar } from './storage/cookie-jar.ts';
import { Collector, fakePage, MemoryStore } from './world.ts';

/** What a browser keeps from page to page: a cookie jar and an outbox; and the other end of the line. */
export function createBrowser() {
  const jar = new CookieJar(domain => domain !== 'com').install();
  return { jar, store: new MemoryStore(), collector: new Collector() };
}

export type PageOptions = Partial<Options> & Parameters<typeof fakePage>[0] & { begin?: boolean };

/** One page of a site in that browser, with the library begun. */
export function openPage(
  browser = createBrowser(),
  {
    url = 'https://www.example.com/',
    referrer = '',
    prerendered = false,
    begin = true,
    ...options
  }: PageOptions = {},
) {
  const page = fakePage({ url, referrer, prerendered });
  const { collector, store } = browser;
  /** The bodies as they went out, to the letter. */
  const sent: string[] = [];
  const stop = new AbortController();
  const created = createClient(page.now);
  const start = () =>
    created.begin(normaliseOptions({ applicationId: 'app', ...options }), {
      page,
      send: ({ body }) => {
        sent.push(body);
        return collector.send(JSON.parse(body) as JsonObject);
      },
      outbox: store,
      signal: stop.signal,
    });
  if (begin) start();
  /** Calls it as plain JavaScript would, with whatever it has. */
  const identify = created.client.identifyUser as (...parameters: unknown[]) => Promise<Receipt>;
  return { ...browser, page, client: created.client, identify, sent, start, stop };
}
