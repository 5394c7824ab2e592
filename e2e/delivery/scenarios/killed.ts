import { setTimeout as sleep } from 'node:timers/promises';
import type { Page } from 'playwright';
import { isInDatabase } from '../in-database.ts';
import type { Scenario } from '../scenario.ts';

const UPDATES = 2;

const killed = (when: string, wait: (page: Page) => Promise<unknown>): Scenario => ({
  name: `browser killed ${when}, then started again`,
  async play(run) {
    run.collector.fail({ otherwise: 'hang' });
    await run.launch();
    const page = await run.arrive();
    await run.say(page, run.updates(UPDATES));
    await wait(page);
    await run.kill();
    run.collector.fail({});
    await run.launch();
    await run.tab();
  },
});

/** Scenarios in which the collector hangs. All there is of the updates is what the browser has on disk. */
export const killing: Scenario[] = [
  // How far a browser gets in that time is the machine's matter: it is counted, and nobody's mistake.
  { ...killed('300 ms after the call', () => sleep(300)), isAlone: true, isCounted: true },
  killed('10 s after the call', () => sleep(10_000)),
];

/** What holds of utmost on every machine: what is in its database outlives the browser. */
export const persisted = killed('once the updates are in its database', async page => {
  while (!(await page.evaluate(isInDatabase(UPDATES)))) await sleep(25);
});
