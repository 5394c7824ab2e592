import { setTimeout as sleep } from 'node:timers/promises';
import type { Scenario } from '../delivery/scenario.ts';
import { answers } from '../delivery/scenarios/answers.ts';
import { killing } from '../delivery/scenarios/killed.ts';
import { leaving } from '../delivery/scenarios/leaving.ts';
import { offline } from '../delivery/scenarios/offline.ts';

/**
 * Milliseconds that an update may take, by what the slowest client needs. It sends every 5 s, and waits 10 s,
 * 20 s and 40 s after failures.
 */
const AT_ONCE = 5000;
const NEXT_VISIT = 7000;
const AFTER_ONE_FAILURE = 30_000;
const AFTER_TWO_FAILURES = 45_000;
const AFTER_THREE_FAILURES = 90_000;
/** Milliseconds without a network: longer than any client waits before its first attempt. */
const OFFLINE = 6000;

/** Returns one of the scenarios of `e2e/delivery`, under the name that the table gives it. */
function scenario(
  name: string,
  as: string,
  more: Partial<Scenario>,
  playing = (play: Scenario['play']) => play,
): Scenario {
  const found = [...leaving, ...answers, ...offline, ...killing].find(each => each.name === name);
  if (!found) throw new Error(`There is no scenario "${name}" in e2e/delivery.`);
  // Whether a client waits as long as it is told is no question of delivery.
  const { check, ...rest } = found;
  return { ...rest, name: as, play: playing(found.play), ...more };
}

const offlineThenOnline: Scenario = {
  name: 'offline, then online',
  within: AFTER_TWO_FAILURES,
  async play(run) {
    const context = await run.visitor();
    const page = await run.arrive();
    await context.setOffline(true);
    await run.say(page, [run.update()]);
    await sleep(OFFLINE);
    await run.say(page, [run.update()]);
    await context.setOffline(false);
  },
};

let last: Promise<unknown> = Promise.resolve();
/**
 * Lets one page be left at a time: where several are, a busy machine leaves them so late that any request
 * gets out.
 */
const inTurn =
  (play: Scenario['play']): Scenario['play'] =>
  run => {
    const turn = last.then(() => play(run));
    last = turn.catch(() => {});
    return turn;
  };

/**
 * Limits for a page that is left. Nobody sees another page of the site before `within` is over; a client with
 * a queue may still deliver then.
 */
const left = { within: AT_ONCE, later: NEXT_VISIT };

/** The scenarios played by pages of one browser. */
export const SCENARIOS: Scenario[] = [
  scenario('503 three times, two updates 50 ms apart', '503 ×3', { within: AFTER_THREE_FAILURES }),
  scenario('429 with `Retry-After: 1`', '429', { within: AFTER_ONE_FAILURE }),
  offlineThenOnline,
  scenario('redirect in the same task, same origin', 'redirect, same origin', left, inTurn),
  scenario('redirect in the same task, another origin', 'redirect, other origin', left, inTurn),
  scenario('tab closed at once', 'tab closed', left, inTurn),
  scenario('offline, tab closed, back later', 'offline, closed, reopened', { within: NEXT_VISIT }),
];

/** The scenarios in which each run has a browser of its own. */
export const KILLS: Scenario[] = [
  scenario('browser killed 300 ms after the call, then started again', 'killed after 300 ms', {
    within: NEXT_VISIT,
  }),
  scenario('browser killed 10 s after the call, then started again', 'killed after 10 s', {
    within: NEXT_VISIT,
  }),
];
