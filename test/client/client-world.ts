import { afterEach, beforeEach, vi } from 'vitest';
import { createClient } from '../../src/client/create-client.ts';
import { normalizeOptions, type Options } from '../../src/options/options.ts';
import type { JsonObject, Receipt } from '../../src/shared/types.ts';
import { createRecordStore } from '../../src/storage/record-store.ts';
import { useFakeClock } from '../fake-clock.ts';
import { CookieJar } from '../storage/cookie-jar.ts';
import { Collector, DELIVERED, fakePage, MemoryStore, memoryPause } from '../world.ts';

/** What a browser keeps from page to page: a cookie jar and an outbox; and the other end of the line. */
export function createBrowser() {
  const jar = new CookieJar(domain => domain !== 'com').install();
  return { jar, store: new MemoryStore(), collector: new Collector(), pages: 0 };
}

/** One whose collector takes everything. */
export function kindBrowser() {
  const browser = createBrowser();
  browser.collector.rule = () => DELIVERED;
  return browser;
}

export type PageOptions = Partial<Options> &
  Parameters<typeof fakePage>[0] & {
    begin?: boolean;
    onRequest?: (request: { url: string; headers: object }) => void;
  };

/** One page of a site in that browser, with the library begun. */
export function openPage(
  browser = createBrowser(),
  {
    url = 'https://www.example.com/',
    referrer = '',
    prerendered = false,
    hasGlobalPrivacyControl = false,
    begin = true,
    onRequest = () => {},
    ...options
  }: PageOptions = {},
) {
  const page = fakePage({ url, referrer, prerendered, hasGlobalPrivacyControl, ids: browser.pages++ * 100 });
  const { collector, store } = browser;
  /** The bodies as they went out, to the letter. */
  const sent: string[] = [];
  const created = createClient(page);
  const start = () =>
    created.begin({
      settings: normalizeOptions({ applicationId: 'app', ...options }),
      page,
      transport: {
        send: ({ url, headers, body }) => {
          onRequest({ url, headers });
          sent.push(body);
          return collector.send(JSON.parse(body) as JsonObject);
        },
        sendOnExit: ({ body }) => collector.sendOnExit(JSON.parse(body) as JsonObject),
      },
      entries: store,
      retryAfter: memoryPause(),
      records: createRecordStore(new URL(url), page.setTimer),
    });
  if (begin) start();
  /** Calls it as plain JavaScript would, with whatever it has. */
  const identify = created.client.identifyUser as (...parameters: unknown[]) => Promise<Receipt>;
  /** Ends its listening to the page. */
  const stop = () => created.client.setConsent('denied');
  return { ...browser, page, client: created.client, identify, sent, start, stop };
}

/** Each test of the file has a clock of its own, and finds nothing that another one stored. */
export function startAnew(): void {
  useFakeClock();
  beforeEach(() => {
    Object.assign(globalThis, { VERSION: '1.2.3' });
    localStorage.clear();
    sessionStorage.clear();
  });
  afterEach(() => {
    vi.unstubAllGlobals();
    Reflect.deleteProperty(document, 'cookie');
  });
}
