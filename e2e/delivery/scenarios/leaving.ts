import { setTimeout as sleep } from 'node:timers/promises';
import type { Scenario } from '../scenario.ts';
import { FOREIGN } from '../test-site.ts';
import type { Trial } from '../trial.ts';

/** A preflight nobody has the answer to yet, as on the other side of an ocean. */
const COLD = { preflight: 150 };

const leave = async (trial: Trial, count: number, next: string) => {
  trial.collector.fail(COLD);
  const page = await trial.coldTab(trial.land());
  await trial.say(page, trial.updates(count), next);
  await page.waitForURL(next);
};

const hidden = async (trial: Trial, count: number) => {
  const open = await trial.unsteered();
  const tab = await open(trial.url('cold'));
  await tab.run(trial.saying(trial.updates(count)));
  await tab.hide();
  await tab.discard();
};

/** Nobody opens another page of the site before all has to be there. */
export const leaving: Scenario[] = [
  {
    name: 'redirect in the same task, same origin',
    play: trial => leave(trial, 1, trial.url('plain')),
  },
  {
    name: 'redirect in the same task, same origin, to a page that tracks too',
    play: trial => leave(trial, 1, trial.url('site/welcome')),
  },
  {
    name: 'redirect in the same task, another origin',
    play: trial => leave(trial, 1, trial.url('plain', FOREIGN)),
  },
  {
    name: 'two updates and a redirect in the same task',
    play: trial => leave(trial, 2, trial.url('plain')),
  },
  {
    name: 'tab closed at once',
    async play(trial) {
      trial.collector.fail(COLD);
      const opener = await (await trial.visitor()).newPage();
      await opener.goto(trial.url('plain'));
      const [tab] = await Promise.all([
        opener.waitForEvent('popup'),
        opener.evaluate(url => void window.open(url), trial.url('cold')),
      ]);
      await tab.waitForLoadState();
      const closed = tab.waitForEvent('close');
      await trial.say(tab, [trial.update()], 'close').catch(() => {});
      await closed;
    },
  },
  {
    name: 'page hidden, then discarded',
    async play(trial) {
      trial.collector.fail(COLD);
      await hidden(trial, 1);
    },
  },
  {
    name: 'page hidden, then discarded, while a second update waits for the first',
    async play(trial) {
      trial.collector.fail({ ...COLD, delay: 3000 });
      await hidden(trial, 2);
    },
  },
  {
    name: 'redirect in the same task while the collector is down, up again with the next page of the site',
    async play(trial) {
      trial.collector.fail({ otherwise: 'reset' });
      const page = await trial.coldTab(trial.land());
      await trial.say(page, trial.updates(2), trial.url('plain'));
      await page.waitForURL(trial.url('plain'));
      trial.collector.fail({});
      await page.goto(trial.url('site/'));
    },
  },
  {
    name: '200 KB of metadata and a redirect: with the next page of the site',
    async play(trial) {
      trial.collector.fail(COLD);
      const page = await trial.coldTab();
      const call = trial.update('ada', 'x'.repeat(200_000));
      await trial.say(page, [call], trial.url('plain'));
      await page.waitForURL(trial.url('plain'));
      await sleep(1000);
      await page.goto(trial.url('site/'));
    },
  },
];
