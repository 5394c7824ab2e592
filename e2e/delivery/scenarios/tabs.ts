import { setTimeout as sleep } from 'node:timers/promises';
import type { Page } from 'playwright';
import type { Scenario } from '../scenario.ts';
import { PLAIN, SECURE } from '../test-site.ts';
import { type Trial, until } from '../trial.ts';

/** What an outbox holds at most. */
const FULL = 200;

/** Leaves a full outbox of as many users, and nobody who owns it. */
async function fill(trial: Trial): Promise<void> {
  const context = await trial.visitor();
  const page = await trial.tab();
  await context.setOffline(true);
  await trial.ask(
    page,
    trial.updates(FULL, n => `user-${n}`),
  );
  // Whether a receipt tells the truth at once is a scenario of its own.
  await sleep(1000);
  // What a page sends on its way out outlives it, and the network that was taken from it.
  trial.collector.fail({ otherwise: 'reset' });
  await page.close();
  const { posts } = trial.collector;
  for (let before = -1; before !== posts.length; ) {
    before = posts.length;
    await sleep(1000);
  }
  trial.collector.fail({});
  await context.setOffline(false);
}

const open = (trial: Trial, count: number): Promise<Page[]> =>
  Promise.all(Array.from({ length: count }, () => trial.coldTab()));

/** All at once, as when a browser restores its tabs. */
const begin = (trial: Trial, tabs: readonly Page[]) => Promise.all(tabs.map(tab => trial.say(tab, [])));

const LOCKS = { 'with Web Locks': SECURE, 'plain http, without Web Locks': PLAIN };

const contest = (count: number, locks: string, site: string): Scenario[] => {
  const common = { site, atOnce: 3, within: 30_000, options: { timeout: 2000 } };
  return [
    {
      ...common,
      name: `${count} tabs find a full outbox, ${locks}`,
      isUndisturbed: true,
      async play(trial) {
        await fill(trial);
        trial.collector.fail({ delay: 20 });
        await begin(trial, await open(trial, count));
      },
    },
    {
      ...common,
      name: `${count} tabs find a full outbox, the one that sends is closed mid-flight, ${locks}`,
      async play(trial) {
        await fill(trial);
        trial.collector.fail({ delay: 50 });
        const tabs = await open(trial, count);
        const sent = new Map(tabs.map(tab => [tab, 0]));
        for (const tab of tabs) tab.on('request', () => sent.set(tab, (sent.get(tab) ?? 0) + 1));
        await begin(trial, tabs);
        await until(() => trial.collector.posts.length >= FULL / 10, 10_000);
        const [busiest] = [...sent].sort(([, a], [, b]) => b - a);
        await busiest?.[0].close();
      },
    },
  ];
};

export const tabs: Scenario[] = [2, 5].flatMap(count =>
  Object.entries(LOCKS).flatMap(([locks, site]) => contest(count, locks, site)),
);
