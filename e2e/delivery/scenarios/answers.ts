import { setTimeout as sleep } from 'node:timers/promises';
import type { Answer } from '../collector.ts';
import type { Run } from '../run.ts';
import type { Scenario } from '../scenario.ts';
import { PLAIN } from '../test-site.ts';

/** Makes two updates of one user, so soon after each other that the first has failed but not arrived. */
const twoUpdates =
  (...answers: Answer[]) =>
  async (run: Run) => {
    run.collector.fail({ answers });
    // Said in the task of init: no other update is there to fail, so that the backoff is that of these alone.
    const page = await run.coldTab(run.land());
    await run.say(page, [run.update()]);
    await sleep(50);
    await run.say(page, [run.update()]);
  };

const limited = (retryAfter: () => string, wait: number): Pick<Scenario, 'play' | 'check'> => ({
  play: twoUpdates({ status: 429, retryAfter }),
  check({ collector }) {
    const [first, second] = collector.posts.filter(({ body }) => body.user_id);
    const waited = (second?.at ?? 0) - (first?.at ?? 0);
    return waited < wait ? `sent again after ${waited} ms` : undefined;
  },
});

const failing = (name: string, ...answers: Answer[]): Scenario => ({ name, play: twoUpdates(...answers) });

const inTime = { options: { timeout: 1000 } };

export const answers: Scenario[] = [
  failing('503 three times, two updates 50 ms apart', 503, 503, 503),
  { ...failing('the same without Web Locks', 503, 503, 503), site: PLAIN },
  { name: '429 with `Retry-After: 1`', ...limited(() => '1', 1000) },
  {
    name: '429 with a date as `Retry-After`',
    // A date has no fractions of a second.
    ...limited(() => new Date(Date.now() + 3000).toUTCString(), 2000),
  },
  failing('500 twice', 500, 500),
  failing('502 twice', 502, 502),
  failing('504 twice', 504, 504),
  failing('a reset connection, twice', 'reset', 'reset'),
  failing('stored, but the connection is reset before the answer', 'lost'),
  { ...failing('an answer that never comes', 'hang'), ...inTime },
  {
    name: '400 for one update does not block the next',
    async play(run) {
      run.collector.fail({ refuses: ({ metadata }) => !!metadata?.call_0 });
      const page = await run.arrive();
      const refused = run.refused();
      await run.say(page, [refused, run.update(), run.update('bob')]);
    },
  },
  {
    name: '400 for one of several merged after a 503',
    async play(run) {
      run.collector.fail({ answers: [503], refuses: ({ metadata }) => !!metadata?.call_1 });
      const page = await run.arrive();
      const first = run.update();
      await run.say(page, [first, run.refused(), run.update()]);
    },
  },
  {
    name: '50 identifies in one task, one user',
    isUndisturbed: true,
    async play(run) {
      await run.say(await run.arrive(), run.updates(50));
    },
  },
  {
    name: '50 identifies in one task, 50 users',
    isUndisturbed: true,
    async play(run) {
      await run.say(
        await run.arrive(),
        run.updates(50, n => `user-${n}`),
      );
    },
  },
];
