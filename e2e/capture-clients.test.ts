import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  bundlePage,
  type Mode,
  openPage,
  openSite,
  type Played,
  playAll,
  record,
  type Site,
  takeRecorded,
} from './capture-clients/play.ts';
import { EXPECTED } from './capture-clients/recorded.ts';
import { launchChromium } from './chromium.ts';
import { type BrowserPool, openBrowserPool, WARM_UP } from './engines/browser-pool.ts';
import type { Browser, Tab } from './engines/engine.ts';
import { ENGINES } from './engines/engines.ts';

/** The scripts of pages, each of which has clients that may be on a page together. */
const PAGES = ['fetch', 'xhr', 'axios', 'small', 'angular', 'graphql'];
const RECORDING = ['recorded from before', 'recorded from later on'] as const satisfies readonly Mode[];

let site: Site;
let browser: Browser;
beforeAll(async () => {
  site = await openSite();
  const chromium = await launchChromium();
  browser = {
    // The certificate is the test's own.
    newPage: () => chromium.newPage({ ignoreHTTPSErrors: true }),
    close: () => chromium.close(),
  };
});
afterAll(async () => {
  await browser?.close();
  site?.close();
});

/** Plays all cases of a page, which has the same scripts whether it is recorded or not. */
async function play(browser: Browser, url: string, source: string, mode: Mode) {
  const tab = await openPage(browser, url, source, mode);
  const played = await playAll(tab, site, mode);
  await tab.close();
  return played;
}

/** Leaves out what is seen of nobody's calls but the recording's own. */
const seenOf = (played: Record<string, Played>) =>
  Object.entries(played).map(([name, { log, arrived }]) => ({ name, log, arrived }));
const recordedOf = (played: Record<string, Played>) =>
  Object.fromEntries(Object.entries(played).map(([name, { recorded }]) => [name, recorded]));
const expectedOf = (protocol: 'plain' | 'secure', played: Record<string, Played>) =>
  Object.fromEntries(Object.keys(played).map(name => [name, EXPECTED[protocol][name]]));

/** Pages of whose calls some go otherwise over HTTP/2: a stream is sent. */
const STREAMING = ['fetch', 'axios', 'small'];

test.each([
  ...PAGES.map(name => ['plain', name] as const),
  ...STREAMING.map(name => ['secure', name] as const),
])('%s site, calls of %s: a page and the server see the same, recorded or not', async (protocol, name) => {
  const source = await bundlePage(name);
  const alone = await play(browser, site[protocol], source, 'not recorded');
  expect(Object.keys(alone).length).toBeGreaterThan(4);
  for (const mode of RECORDING) {
    const played = await play(browser, site[protocol], source, mode);
    expect(seenOf(played), mode).toEqual(seenOf(alone));
    expect(recordedOf(played), mode).toEqual(expectedOf(protocol, played));
  }
});

/** What the page got, what was recorded by utmost, and what by the other. */
type Recorded = [got: unknown, byUs: string[], byThem: unknown];

describe.each(['Sentry', 'MSW'])('beside %s', other => {
  /** Calls the API by `fetch` and `XMLHttpRequest`. */
  const call = async (tab: Tab, path = '/api/echo'): Promise<Recorded> => {
    const got = await tab.evaluate(`callBoth('${path}')`);
    // Either may record in a later task. What is posted of it is none of the page's calls.
    await sleep(100);
    const byThem = await tab.evaluate('seenByThem()');
    const byUs = await takeRecorded(tab, site);
    await tab.evaluate('seenByThem()');
    return [got, byUs, byThem];
  };
  const US = ['fetch POST /api/echo 200', 'xhr POST /api/echo 200'];
  const THEM = [
    ['fetch', '/api/echo', 200],
    ['xhr', '/api/echo', 200],
  ];

  test.each([
    ['they come first', 'we leave first'],
    ['they come first', 'they leave first'],
    ['they come later', 'we leave first'],
    ['they come later', 'they leave first'],
  ])('%s, %s: the page’s calls work, and who is there records them', async (coming, leaving) => {
    const tab = await openPage(browser, site.plain, await bundlePage('wrappers'), 'not recorded');
    const native = await tab.evaluate(`callBoth('/api/echo')`);
    const starts = [() => tab.evaluate(`startTheirs('${other}')`), () => record(tab)];
    for (const start of coming === 'they come first' ? starts : starts.reverse()) await start();
    expect(await call(tab)).toEqual([native, US, THEM]);

    // What MSW answers by itself never gets to those below it, and its own request objects to nobody.
    const mocked = await call(tab, '/api/mocked');
    if (other === 'MSW') {
      const json = `{"mocked":true}`;
      const url = `${site.plain}api/mocked`;
      const seen = coming === 'they come first' ? ['fetch POST /api/mocked 200'] : [];
      expect(mocked.slice(0, 2)).toEqual([
        [
          [200, json, url],
          [200, json, url],
        ],
        seen,
      ]);
    }

    if (leaving === 'we leave first') {
      expect(await tab.evaluate('capture.stop()')).toBe(true);
      expect(await call(tab)).toEqual([native, [], THEM]);
      await tab.evaluate('stopTheirs()');
    } else {
      await tab.evaluate('stopTheirs()');
      // MSW puts the `fetch` back that it found, and so takes away what came later.
      const isUndone = other === 'MSW' && coming === 'they come first';
      expect(await call(tab)).toEqual([native, isUndone ? US.slice(1) : US, []]);
      expect(await tab.evaluate('capture.stop()')).toBe(true);
    }
    expect(await call(tab)).toEqual([native, [], []]);
    await tab.close();
  });
});

/** Reasons why other engines do not see the same twice, whoever records. */
const OF_ITS_TIME = /progress|breaks off|network error|synchronous/;

describe('in the other engines', () => {
  let pool: BrowserPool;
  const engines = ENGINES.slice(1).filter(({ isFound }) => isFound());
  beforeAll(async () => {
    pool = openBrowserPool(site.port);
    await pool.warmUp(engines);
  }, WARM_UP);
  afterAll(() => pool.close());

  test.each(
    engines.flatMap(engine => ['fetch', 'xhr', 'axios'].map(name => [engine.name, name, engine] as const)),
  )('%s: calls of %s: a page and the server see the same, recorded or not', async (_, name, engine) => {
    const shared = await pool.share(engine, 'profile');
    const source = await bundlePage(name);
    const alone = await play(shared, site.plain, source, 'not recorded');
    const played = await play(shared, site.plain, source, 'recorded from before');
    const stable = (all: Record<string, Played>) => seenOf(all).filter(({ name }) => !OF_ITS_TIME.test(name));
    expect(stable(played)).toEqual(stable(alone));
    for (const [name, { recorded }] of Object.entries(played))
      if (!/EventSource|refuses/.test(name)) expect(recorded.length, name).toBeGreaterThan(0);
  });
});
