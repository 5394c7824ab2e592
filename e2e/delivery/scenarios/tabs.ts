import { setTimeout as sleep } from 'node:timers/promises';
import type { Page } from 'playwright';
import { type Run, until } from '../run.ts';
import type { Scenario } from '../scenario.ts';
import { PLAIN, SECURE } from '../test-site.ts';

/** The most updates that an outbox holds. */
const FULL = 200;

/** Leaves a full outbox of as many users, and nobody who owns it. */
async function fill(run: Run): Promise<void> {
  const context = await run.visitor();
  const page = await run.tab();
  await context.setOffline(true);
  await run.ask(
    page,
    run.updates(FULL, n => `user-${n}`),
  );
  // Whether a receipt tells the truth at once is a scenario of its own.
  await sleep(1000);
  // What a page sends on its way out outlives it, and the network that was taken from it.
  run.collector.fail({ otherwise: 'reset' });
  await page.close();
  const { posts } = run.collector;
  for (let before = -1; before !== posts.length; ) {
    before = posts.length;
    await sleep(1000);
  }
  run.collector.fail({});
  await context.setOffline(false);
}

const open = (run: Run, count: number): Promise<Page[]> =>
  Promise.all(Array.from({ length: count }, () => run.coldTab()));

/** Begins in all tabs at once, as when a browser restores them. */
const begin = (run: Run, tabs: readonly Page[]) => Promise.all(tabs.map(tab => run.say(tab, [])));

const LOCKS = { 'with Web Locks': SECURE, 'plain http, without Web Locks': PLAIN };

const contest = (count: number, locks: string, site: string): Scenario[] => {
  const common = { site, atOnce: 3, isAlone: true, within: 30_000, options: { timeout: 2000 } };
  return [
    {
      ...common,
      name: `${count} tabs find a full outbox, ${locks}`,
      isUndisturbed: true,
      // So long is a lease where there are no locks: longer than a busy machine holds up a page that sends.
      options: { timeout: 6000 },
      async play(run) {
        await fill(run);
        run.collector.fail({ delay: 20 });
        await begin(run, await open(run, count));
      },
    },
    {
      ...common,
      name: `${count} tabs find a full outbox, the one that sends is closed mid-flight, ${locks}`,
      async play(run) {
        await fill(run);
        run.collector.fail({ delay: 50 });
        const tabs = await open(run, count);
        const sent = new Map(tabs.map(tab => [tab, 0]));
        for (const tab of tabs) tab.on('request', () => sent.set(tab, (sent.get(tab) ?? 0) + 1));
        await begin(run, tabs);
        await until(() => run.collector.posts.length >= FULL / 10, 10_000);
        const [busiest] = [...sent].sort(([, a], [, b]) => b - a);
        await busiest?.[0].close();
      },
    },
  ];
};

export const tabs: Scenario[] = [2, 5].flatMap(count =>
  Object.entries(LOCKS).flatMap(([locks, site]) => contest(count, locks, site)),
);
