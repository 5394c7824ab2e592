import { createClient } from '../../src/client/create-client.ts';
import { createFullFeatures, FULL } from '../../src/features/instances.ts';
import type { FullOptions, FullSettings } from '../../src/features/options.ts';
import { recordStoreOf } from '../../src/features/persistence.ts';
import { normalizeOptions } from '../../src/options/options.ts';
import type { JsonObject } from '../../src/shared/types.ts';
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
  const created = createClient(
    page,
    createFullFeatures(() => userAgent),
  );
  const start = () => {
    const settings = normalizeOptions<FullSettings>({ applicationId: 'app', ...options }, FULL);
    const isMemoryOnly = settings.persistence === 'none';
    created.begin({
      settings,
      page,
      transport: {
        send: request => collector.send(keep(sent, request.url, request.body)),
        sendOnExit: request => collector.sendOnExit(keep(parted, request.url, request.body)),
      },
      entries: isMemoryOnly ? memoryEntries() : store,
      retryAfter: memoryPause(),
      records: recordStoreOf(page, settings),
      maxEntries: settings.maxQueueSize,
      isMemoryOnly,
    });
  };
  if (begin) start();
  /** What was sent to one path. */
  const to = (path: string) => sent.filter(one => one.path === path).map(({ body }) => body);
  return { ...browser, page, client: created.client, sent, parted, to, start };
}
