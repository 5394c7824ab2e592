import type { Scenario } from '../scenario.ts';
import type { Trial } from '../trial.ts';

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

const twoUpdatesPast503 = async (trial: Trial) => {
  trial.collector.fail({ answers: [503] });
  await trial.say(await trial.arrive(), trial.updates(2));
};

export const hanging: Scenario[] = [
  {
    name: 'IndexedDB that never answers: a 503',
    async play(trial) {
      await (await trial.visitor()).addInitScript(indexedDbHangs);
      await twoUpdatesPast503(trial);
    },
  },
  {
    name: 'IndexedDB that never answers: a 503, then `flush()` before a redirect',
    // Nothing else would send it again before the page is left.
    async play(trial) {
      await (await trial.visitor()).addInitScript(indexedDbHangs);
      trial.collector.fail({ answers: [503] });
      const page = await trial.arrive();
      await trial.ask(page, [trial.update()]);
      const before = Date.now();
      if (trial.client.flush) await page.evaluate(trial.client.flush);
      if (Date.now() - before > 10_000) throw new Error('flush() took longer than the timeout');
      if (!trial.collector.stored()[0]) throw new Error('flush() sent nothing');
      await page.goto(trial.url('plain'));
    },
  },
  {
    name: 'IndexedDB that never answers: a collector that is down until the next page',
    async play(trial) {
      await (await trial.visitor()).addInitScript(indexedDbHangs);
      trial.collector.fail({ otherwise: 503 });
      const page = await trial.arrive();
      await trial.ask(page, trial.updates(2));
      await page.goto(trial.url('plain'));
      trial.collector.fail({});
      await page.goto(trial.url('site/'));
    },
  },
];

export const storage: Scenario[] = [
  ...Object.entries(BLOCKED).flatMap(([name, block]): Scenario[] => [
    {
      name: `${name}: a 503`,
      async play(trial) {
        await (await trial.visitor()).addInitScript(block);
        await twoUpdatesPast503(trial);
      },
    },
    {
      name: `${name}: a collector that is down until the next page`,
      async play(trial) {
        await (await trial.visitor()).addInitScript(block);
        trial.collector.fail({ otherwise: 503 });
        const page = await trial.arrive();
        await trial.ask(page, trial.updates(2));
        await page.goto(trial.url('plain'));
        trial.collector.fail({});
        await page.goto(trial.url('site/'));
      },
    },
  ]),
  {
    name: 'all three blocked: a 503',
    async play(trial) {
      await trial.launch(ALL_BLOCKED);
      await twoUpdatesPast503(trial);
    },
  },
];
