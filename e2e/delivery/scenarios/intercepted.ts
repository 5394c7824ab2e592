import { setTimeout as sleep } from 'node:timers/promises';
import type { Answer } from '../collector.ts';
import type { Scenario } from '../scenario.ts';
import { type Trial, until } from '../trial.ts';

/** A gate before the API sends everybody to its sign-in page. */
const LOGIN: Answer = { status: 302, location: 'login' };
/** A page, as a firewall, a half-done deployment or a single-page app's server has for any address. */
const page = (status: number): Answer => ({ status, html: '<!doctype html><title>Not the API</title>' });

/** Two updates of one user, each of which meets something else than the API before it gets there. */
const intercepted = (name: string, ...answers: Answer[]): Scenario => ({
  name,
  async play(trial: Trial) {
    trial.collector.fail({ answers });
    const tab = await trial.coldTab(trial.land());
    await trial.say(tab, [trial.update()]);
    await sleep(50);
    await trial.say(tab, [trial.update()]);
  },
});

export const interceptions: Scenario[] = [
  // A redirect is met with and without a slash at the end.
  intercepted('a redirect to a sign-in page, then the API', LOGIN, LOGIN, LOGIN, LOGIN),
  intercepted('a page instead of an answer (200), then the API', page(200), page(200)),
  intercepted('403 by a firewall’s page, then the API', page(403), page(403), page(403)),
  intercepted('404 by a page of a deployment, then the API', page(404), page(404), page(404)),
  {
    name: 'an endpoint that redirects to a slash at its end',
    isUndisturbed: true,
    async play(trial) {
      trial.collector.fail({ wantsSlash: true });
      const tab = await trial.arrive();
      await trial.ask(tab, [trial.update()]);
      await trial.ask(tab, [trial.update()]);
    },
    check({ collector }) {
      const redirected = collector.posts.filter(({ answer }) => typeof answer === 'object').length;
      return redirected > 2 ? `the slash was not remembered: ${redirected} redirects` : undefined;
    },
  },
  {
    name: 'a redirect to a sign-in page until the next page of the site',
    async play(trial) {
      trial.collector.fail({ otherwise: LOGIN });
      const tab = await trial.arrive();
      await trial.ask(tab, [trial.update()]);
      await tab.goto(trial.url('plain'));
      trial.collector.fail({});
      await tab.goto(trial.url('site/'));
    },
  },
];

/** The campaign that the collector ends with, for the user and for the visitor they were. */
function endsWith({ collector, name }: Trial): string | undefined {
  const stored = collector.stored();
  const ids = new Set(stored.filter(({ user_id }) => user_id).map(({ anonymous_id }) => anonymous_id));
  const told = stored.filter(({ campaign, anonymous_id }) => campaign && ids.has(anonymous_id));
  const source = told.at(-1)?.campaign?.utm_source;
  return source === name ? undefined : `ended with the campaign ${source}`;
}

const LAST = { options: { attribution: 'last' as const }, check: endsWith };

/** The visitor's first visit, whose campaign cannot be told, however often it is tried. */
async function announce(trial: Trial, tries = 1) {
  trial.collector.fail({ otherwise: 503 });
  const tab = await trial.tab('?utm_source=earlier');
  await until(() => trial.collector.posts.length >= tries, 20_000);
  return tab;
}

export const announcements: Scenario[] = [
  {
    ...LAST,
    name: 'a first visit while the collector is down, then another campaign and the login',
    async play(trial) {
      const tab = await announce(trial);
      await tab.goto(trial.url('plain'));
      trial.collector.fail({});
      await tab.goto(trial.url(`cold${trial.land()}`));
      await trial.say(tab, [trial.update()]);
    },
  },
  {
    ...LAST,
    name: 'the same while the login fails, too, and with the next page',
    async play(trial) {
      const tab = await announce(trial);
      await tab.goto(trial.url(`cold${trial.land()}`));
      await trial.say(tab, [trial.update()], trial.url('plain'));
      await tab.waitForURL(trial.url('plain'));
      trial.collector.fail({});
      await tab.goto(trial.url('site/'));
    },
  },
  {
    ...LAST,
    name: 'the same in another tab, while the first one stays open',
    async play(trial) {
      // Longest backoff: the first tab's next try is seconds away. Of requests on their way together nobody orders the arrival.
      await (await trial.visitor()).addInitScript(() => {
        Math.random = () => 0.999;
      });
      const first = await announce(trial, 3);
      const tab = await trial.coldTab(trial.land());
      trial.collector.fail({});
      await trial.say(tab, [trial.update()]);
      await until(() => trial.collector.stored()[0], 10_000);
      // It tries again at once.
      await first.evaluate(() => void dispatchEvent(new Event('online')));
      await sleep(500);
    },
  },
];
