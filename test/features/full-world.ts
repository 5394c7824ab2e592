import { createFullClient } from '../../src/features/client.ts';
import { type FullOptions, normalizeFullOptions } from '../../src/features/options.ts';
import { storeOf } from '../../src/features/persistence.ts';
import type { JsonObject } from '../../src/shared/types.ts';
import { readRaw } from '../../src/storage/cookie-store.ts';
import { memoryEntries } from '../../src/storage/memory-entries.ts';
import { createBrowser } from '../client/client-world.ts';
import { fakePage, memoryPause } from '../world.ts';

export interface Sent {
  /** The end of the API's path. */
  path: string;
  /** The body as it went out, to the letter. */
  text: string;
  body: JsonObject;
}

type FullPageOptions = Partial<FullOptions> &
  Parameters<typeof fakePage>[0] & { begin?: boolean; userAgent?: string };

/** One page of a site in that browser, with `utmost/full` begun. */
export function openFullPage(
  browser = createBrowser(),
  {
    url = 'https://www.example.com/',
    referrer = '',
    prerendered = false,
    hasGlobalPrivacyControl = false,
    begin = true,
    userAgent = 'browser',
    ...options
  }: FullPageOptions = {},
) {
  const page = fakePage({ url, referrer, prerendered, hasGlobalPrivacyControl, ids: browser.pages++ * 100 });
  const { collector, store } = browser;
  const sent: Sent[] = [];
  const parted: Sent[] = [];
  const keep = (list: Sent[], address: string, text: string) => {
    const body = JSON.parse(text) as JsonObject;
    list.push({ path: address.replace(/.*\/v1\//, ''), text, body });
    return body;
  };
  const created = createFullClient(page, () => userAgent);
  const start = () => {
    const settings = normalizeFullOptions({ applicationId: 'app', ...options });
    const prefix = options.persistenceKeyPrefix ?? 'moesif_';
    created.begin(settings, {
      page,
      transport: {
        send: request => collector.send(keep(sent, request.url, request.body)),
        sendOnExit: request => collector.sendOnExit(keep(parted, request.url, request.body)),
      },
      entries: settings.persistence === 'none' ? memoryEntries() : store,
      retryAfter: memoryPause(),
      records: storeOf(page, settings),
      left: settings.adoptMoesif ? name => readRaw(prefix + name) : undefined,
    });
  };
  if (begin) start();
  /** What was sent to one path. */
  const to = (path: string) => sent.filter(one => one.path === path).map(({ body }) => body);
  return { ...browser, page, client: created.client, sent, parted, to, start };
}
