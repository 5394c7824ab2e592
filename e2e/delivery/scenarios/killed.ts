import { setTimeout as sleep } from 'node:timers/promises';
import type { Scenario } from '../scenario.ts';

const killed = (name: string, after: number): Scenario => ({
  name,
  async play(trial) {
    trial.collector.fail({ otherwise: 'hang' });
    await trial.launch();
    await trial.say(await trial.arrive(), trial.updates(2));
    await sleep(after);
    await trial.kill();
    trial.collector.fail({});
    await trial.launch();
    await trial.tab();
  },
});

/** The collector hangs: all there is of the updates is what the browser has on disk. */
export const killing: Scenario[] = [
  killed('browser killed 300 ms after the call, then started again', 300),
  killed('browser killed 10 s after the call, then started again', 10_000),
];
