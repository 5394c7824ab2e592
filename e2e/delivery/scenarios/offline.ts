import type { Scenario } from '../scenario.ts';

const ABORTED = '**/v1/users';

export const offline: Scenario[] = [
  {
    name: 'offline, then online in the same page',
    async play(run) {
      const context = await run.visitor();
      const page = await run.arrive();
      await context.setOffline(true);
      await run.ask(page, [run.update()]);
      await run.ask(page, [run.update()]);
      await context.setOffline(false);
    },
  },
  {
    name: 'offline, tab closed, back later',
    async play(run) {
      const context = await run.visitor();
      const page = await run.arrive();
      await context.setOffline(true);
      await run.say(page, run.updates(2));
      await page.close();
      await context.setOffline(false);
      await run.tab();
    },
  },
  {
    name: 'offline, 50 users said to be queued, tab closed at once, back later',
    async play(run) {
      const context = await run.visitor();
      const page = await run.arrive();
      await context.setOffline(true);
      await run.ask(
        page,
        run.updates(50, n => `user-${n}`),
      );
      await page.close();
      await context.setOffline(false);
      await run.tab();
    },
  },
  {
    name: 'collector blocked by an ad blocker, until it no longer is',
    async play(run) {
      const context = await run.visitor();
      await context.route(ABORTED, route => route.abort('blockedbyclient'));
      const page = await run.arrive();
      await run.ask(page, [run.update()]);
      await page.goto(run.url('site/blocked-too'));
      await run.ask(page, [run.update()]);
      await context.unroute(ABORTED);
      await page.goto(run.url('site/'));
    },
  },
];
