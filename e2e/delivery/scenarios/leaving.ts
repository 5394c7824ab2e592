import { setTimeout as sleep } from 'node:timers/promises';
import type { Run } from '../run.ts';
import type { Scenario } from '../scenario.ts';
import { FOREIGN } from '../test-site.ts';

/** A preflight nobody has the answer to yet, as on the other side of an ocean. */
const COLD = { preflight: 150 };

const leave = async (run: Run, count: number, next: string) => {
  run.collector.fail(COLD);
  const page = await run.coldTab(run.land());
  await run.say(page, run.updates(count), next);
  await page.waitForURL(next);
};

const hidden = async (run: Run, count: number) => {
  const open = await run.openSystemBrowser();
  const tab = await open(run.url('cold'));
  await tab.evaluate(run.saying(run.updates(count)));
  await tab.hide();
  await tab.discard();
};

/** Scenarios in which nobody opens another page of the site before all has to be there. */
export const leaving: Scenario[] = [
  {
    name: 'redirect in the same task, same origin',
    play: run => leave(run, 1, run.url('plain')),
  },
  {
    name: 'redirect in the same task, same origin, to a page that tracks too',
    play: run => leave(run, 1, run.url('site/welcome')),
  },
  {
    name: 'redirect in the same task, another origin',
    play: run => leave(run, 1, run.url('plain', FOREIGN)),
  },
  {
    name: 'two updates and a redirect in the same task',
    play: run => leave(run, 2, run.url('plain')),
  },
  {
    name: 'tab closed at once',
    async play(run) {
      run.collector.fail(COLD);
      const opener = await (await run.visitor()).newPage();
      await opener.goto(run.url('plain'));
      const [tab] = await Promise.all([
        opener.waitForEvent('popup'),
        opener.evaluate(url => void window.open(url), run.url('cold')),
      ]);
      await tab.waitForLoadState();
      const closed = tab.waitForEvent('close');
      await run.say(tab, [run.update()], 'close').catch(() => {});
      await closed;
    },
  },
  {
    name: 'page hidden, then discarded',
    async play(run) {
      run.collector.fail(COLD);
      await hidden(run, 1);
    },
  },
  {
    name: 'page hidden, then discarded, while a second update waits for the first',
    async play(run) {
      run.collector.fail({ ...COLD, delay: 3000 });
      await hidden(run, 2);
    },
  },
  {
    name: 'redirect in the same task while the collector is down, up again with the next page of the site',
    async play(run) {
      run.collector.fail({ otherwise: 'reset' });
      const page = await run.coldTab(run.land());
      await run.say(page, run.updates(2), run.url('plain'));
      await page.waitForURL(run.url('plain'));
      run.collector.fail({});
      await page.goto(run.url('site/'));
    },
  },
  {
    name: '200 KB of metadata and a redirect: with the next page of the site',
    async play(run) {
      run.collector.fail(COLD);
      const page = await run.coldTab();
      const call = run.update('ada', 'x'.repeat(200_000));
      await run.say(page, [call], run.url('plain'));
      await page.waitForURL(run.url('plain'));
      await sleep(1000);
      await page.goto(run.url('site/'));
    },
  },
];
