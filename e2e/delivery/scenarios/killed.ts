import { setTimeout as sleep } from 'node:timers/promises';
import type { Scenario } from '../scenario.ts';

const killed = (name: string, after: number, isAlone: boolean): Scenario => ({
  name,
  isAlone,
  async play(run) {
    run.collector.fail({ otherwise: 'hang' });
    await run.launch();
    await run.say(await run.arrive(), run.updates(2));
    await sleep(after);
    await run.kill();
    run.collector.fail({});
    await run.launch();
    await run.tab();
  },
});

/** Scenarios in which the collector hangs. All there is of the updates is what the browser has on disk. */
export const killing: Scenario[] = [
  killed('browser killed 300 ms after the call, then started again', 300, true),
  killed('browser killed 10 s after the call, then started again', 10_000, false),
];
