import type { Run } from '../run.ts';
import type { Scenario } from '../scenario.ts';

const localStorageThrows = () =>
  Object.defineProperty(window, 'localStorage', {
    get() {
      throw new DOMException('Access is denied for this document.', 'SecurityError');
    },
  });

// As where a browser keeps no databases: it opens, and fails late.
const indexedDbFails = () => {
  const { open } = IDBFactory.prototype;
  IDBFactory.prototype.open = function (...name) {
    const request = open.apply(this, name);
    request.addEventListener('upgradeneeded', event => {
      event.stopImmediatePropagation();
      request.transaction?.abort();
    });
    return request;
  };
};

// As in browsers that have lost their storage process: neither success nor failure.
const indexedDbHangs = () => {
  IDBFactory.prototype.open = () => ({}) as IDBOpenDBRequest;
};

const cookiesAreIgnored = () =>
  Object.defineProperty(Document.prototype, 'cookie', { get: () => '', set() {} });

/** Chromium's own setting "block all cookies", which means storage too. */
const ALL_BLOCKED = { profile: { default_content_setting_values: { cookies: 2 } } };

const BLOCKED = {
  'localStorage throwing': localStorageThrows,
  'IndexedDB blocked': indexedDbFails,
  'cookies blocked': cookiesAreIgnored,
};

const twoUpdatesPast503 = async (run: Run) => {
  run.collector.fail({ answers: [503] });
  await run.say(await run.arrive(), run.updates(2));
};

export const hanging: Scenario[] = [
  {
    name: 'IndexedDB that never answers: a 503',
    async play(run) {
      await (await run.visitor()).addInitScript(indexedDbHangs);
      await twoUpdatesPast503(run);
    },
  },
  {
    name: 'IndexedDB that never answers: a 503, then `flush()` before a redirect',
    // Nothing else would send it again before the page is left.
    async play(run) {
      await (await run.visitor()).addInitScript(indexedDbHangs);
      run.collector.fail({ answers: [503] });
      const page = await run.arrive();
      await run.ask(page, [run.update()]);
      const before = Date.now();
      if (run.client.flush) await page.evaluate(run.client.flush);
      if (Date.now() - before > 10_000) throw new Error('flush() took longer than the timeout');
      if (!run.collector.stored()[0]) throw new Error('flush() sent nothing');
      await page.goto(run.url('plain'));
    },
  },
  {
    name: 'IndexedDB that never answers: a collector that is down until the next page',
    async play(run) {
      await (await run.visitor()).addInitScript(indexedDbHangs);
      run.collector.fail({ otherwise: 503 });
      const page = await run.arrive();
      await run.ask(page, run.updates(2));
      await page.goto(run.url('plain'));
      run.collector.fail({});
      await page.goto(run.url('site/'));
    },
  },
];

export const storage: Scenario[] = [
  ...Object.entries(BLOCKED).flatMap(([name, block]): Scenario[] => [
    {
      name: `${name}: a 503`,
      async play(run) {
        await (await run.visitor()).addInitScript(block);
        await twoUpdatesPast503(run);
      },
    },
    {
      name: `${name}: a collector that is down until the next page`,
      async play(run) {
        await (await run.visitor()).addInitScript(block);
        run.collector.fail({ otherwise: 503 });
        const page = await run.arrive();
        await run.ask(page, run.updates(2));
        await page.goto(run.url('plain'));
        run.collector.fail({});
        await page.goto(run.url('site/'));
      },
    },
  ]),
  {
    name: 'all three blocked: a 503',
    async play(run) {
      await run.launch(ALL_BLOCKED);
      await twoUpdatesPast503(run);
    },
  },
];
