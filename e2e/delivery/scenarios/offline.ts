import type { Scenario } from '../scenario.ts';

const ABORTED = '**/v1/users';

export const offline: Scenario[] = [
  {
    name: 'offline, then online in the same page',
    async play(trial) {
      const context = await trial.visitor();
      const page = await trial.arrive();
      await context.setOffline(true);
      await trial.ask(page, [trial.update()]);
      await trial.ask(page, [trial.update()]);
      await context.setOffline(false);
    },
  },
  {
    name: 'offline, tab closed, back later',
    async play(trial) {
      const context = await trial.visitor();
      const page = await trial.arrive();
      await context.setOffline(true);
      await trial.say(page, trial.updates(2));
      await page.close();
      await context.setOffline(false);
      await trial.tab();
    },
  },
  {
    name: 'offline, 50 users said to be queued, tab closed at once, back later',
    async play(trial) {
      const context = await trial.visitor();
      const page = await trial.arrive();
      await context.setOffline(true);
      await trial.ask(
        page,
        trial.updates(50, n => `user-${n}`),
      );
      await page.close();
      await context.setOffline(false);
      await trial.tab();
    },
  },
  {
    name: 'collector blocked by an ad blocker, until it no longer is',
    async play(trial) {
      const context = await trial.visitor();
      await context.route(ABORTED, route => route.abort('blockedbyclient'));
      const page = await trial.arrive();
      await trial.ask(page, [trial.update()]);
      await page.goto(trial.url('site/blocked-too'));
      await trial.ask(page, [trial.update()]);
      await context.unroute(ABORTED);
      await page.goto(trial.url('site/'));
    },
  },
];
