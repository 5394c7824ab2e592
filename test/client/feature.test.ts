// @vitest-environment happy-dom
import { expect, it } from 'vitest';
import type { Client } from '../../src/client/client.ts';
import { createClient } from '../../src/client/create-client.ts';
import type { Feature } from '../../src/client/feature.ts';
import { combineFeatures } from '../../src/features/combine.ts';
import { normalizeOptions, type Settings } from '../../src/options/options.ts';
import { createRecordStore } from '../../src/storage/record-store.ts';
import { Collector, DELIVERED, fakePage, MemoryStore, memoryPause } from '../world.ts';
import { createBrowser, startAnew } from './client-world.ts';

startAnew();

type Counting = Settings & { countFrom: number };
type Counter = Client & { getVisitCount(): unknown };

/** A whole feature: an option, a record of its own, a method, and steps of the client's. */
const visitCounter: Feature<Counting, Counter> = {
  defaults: { countFrom: 1 },
  create: ({ running }) => ({
    methods: { getVisitCount: () => running()?.records.load('visits')?.count },
    findVisitor({ records, settings }) {
      const { count = settings.countFrom - 1 } = records.load('visits') ?? {};
      records.save('visits', { count: Number(count) + 1 });
    },
    toVisit: visit => ({ ...visit, url: visit.url.replace('from=', 'utm_source=') }),
  }),
};

/** Another one, which does more in a method that is there. */
const loudReset: Feature = {
  create: ({ client: { reset } }) => ({
    methods: {
      reset() {
        console.warn('reset');
        reset();
      },
    },
  }),
};

/** What an entry does with its features. */
const FEATURE = combineFeatures<Counting, Counter>([visitCounter, loudReset]);

function open(options: object = {}, browser = createBrowser()) {
  const collector = new Collector();
  collector.rule = () => DELIVERED;
  const page = fakePage({ url: 'https://www.example.com/?from=news' });
  const { client, begin } = createClient(page, FEATURE);
  begin({
    settings: normalizeOptions({ applicationId: 'app', ...options }, FEATURE),
    page,
    transport: { send: ({ body }) => collector.send(JSON.parse(body)), sendOnExit() {} },
    records: createRecordStore(new URL(page.url()), page.setTimer),
    entries: new MemoryStore(),
    retryAfter: memoryPause(),
  });
  return { browser, client };
}

it('a feature has options, records and methods, and takes part in the steps of the client', async () => {
  const { browser, client } = open({ countFrom: 5 });
  expect(client.getVisitCount()).toBe(5);
  expect(client.getCampaign()).toEqual({ utm_source: 'news' });
  expect(await client.identifyUser('1')).toMatchObject({ status: 'delivered' });
  expect(open({}, browser).client.getVisitCount()).toBe(6);
});

it('its options are checked like those of the core', () => {
  expect(() => open({ countFrom: 'five' })).toThrow('utmost: countFrom must be a positive number.');
});

it('a method may do more, and then what it did before', async () => {
  const { client } = open();
  await client.identifyUser('1');
  const before = client.getAnonymousId();
  client.reset();
  expect(console.warn).toHaveBeenCalledWith('reset');
  expect(client.getAnonymousId()).not.toBe(before);
});

it('stores nothing before consent', () => {
  const { browser, client } = open({ consent: 'pending' });
  expect([client.getVisitCount(), browser.jar.written]).toEqual([undefined, []]);
});
