import { setTimeout as sleep } from 'node:timers/promises';
import type { Answer } from '../collector.ts';
import { type Run, until } from '../run.ts';
import type { Scenario } from '../scenario.ts';

/** The answer of a gate before the API that sends everybody to its sign-in page. */
const LOGIN: Answer = { status: 302, location: 'login' };
/**
 * Answers with a page, as a firewall, a half-done deployment or a single-page app's server does for any
 * address.
 */
const page = (status: number): Answer => ({ status, html: '<!doctype html><title>Not the API</title>' });

/** Makes two updates of one user. Each meets something else than the API before it gets there. */
const intercepted = (name: string, ...answers: Answer[]): Scenario => ({
  name,
  async play(run: Run) {
    run.collector.fail({ answers });
    const tab = await run.coldTab(run.land());
    await run.say(tab, [run.update()]);
    await sleep(50);
    await run.say(tab, [run.update()]);
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
    async play(run) {
      run.collector.fail({ wantsSlash: true });
      const tab = await run.arrive();
      await run.ask(tab, [run.update()]);
      await run.ask(tab, [run.update()]);
    },
    check({ collector }) {
      const redirected = collector.posts.filter(({ answer }) => typeof answer === 'object').length;
      return redirected > 2 ? `the slash was not remembered: ${redirected} redirects` : undefined;
    },
  },
  {
    name: 'a redirect to a sign-in page until the next page of the site',
    async play(run) {
      run.collector.fail({ otherwise: LOGIN });
      const tab = await run.arrive();
      await run.ask(tab, [run.update()]);
      await tab.goto(run.url('plain'));
      run.collector.fail({});
      await tab.goto(run.url('site/'));
    },
  },
];

/** Checks the campaign that the collector ends with, for the user and for the visitor they were. */
function endsWith({ collector, name }: Run): string | undefined {
  const stored = collector.stored();
  const ids = new Set(stored.filter(({ user_id }) => user_id).map(({ anonymous_id }) => anonymous_id));
  const told = stored.filter(({ campaign, anonymous_id }) => campaign && ids.has(anonymous_id));
  const source = told.at(-1)?.campaign?.utm_source;
  return source === name ? undefined : `ended with the campaign ${source}`;
}

const LAST = { options: { attribution: 'last' as const }, check: endsWith };

/** Makes the visitor's first visit, whose campaign cannot be told, however often it is tried. */
async function announce(run: Run, tries = 1) {
  run.collector.fail({ otherwise: 503 });
  const tab = await run.tab('?utm_source=earlier');
  await until(() => run.collector.posts.length >= tries, 20_000);
  return tab;
}

export const announcements: Scenario[] = [
  {
    ...LAST,
    name: 'a first visit while the collector is down, then another campaign and the login',
    async play(run) {
      const tab = await announce(run);
      await tab.goto(run.url('plain'));
      run.collector.fail({});
      await tab.goto(run.url(`cold${run.land()}`));
      await run.say(tab, [run.update()]);
    },
  },
  {
    ...LAST,
    name: 'the same while the login fails, too, and with the next page',
    async play(run) {
      const tab = await announce(run);
      await tab.goto(run.url(`cold${run.land()}`));
      await run.say(tab, [run.update()], run.url('plain'));
      await tab.waitForURL(run.url('plain'));
      run.collector.fail({});
      await tab.goto(run.url('site/'));
    },
  },
  {
    ...LAST,
    name: 'the same in another tab, while the first one stays open',
    async play(run) {
      // Longest backoff: the first tab's next try is seconds away. Of requests on their way together nobody orders the arrival.
      await (await run.visitor()).addInitScript(() => {
        Math.random = () => 0.999;
      });
      const first = await announce(run, 2);
      const tab = await run.coldTab(run.land());
      // A busy machine is long about a tab: counted from the next failure on.
      const { length } = run.collector.posts;
      await until(() => run.collector.posts.length > length, 20_000);
      run.collector.fail({});
      await run.say(tab, [run.update()]);
      await until(() => run.collector.stored()[0], 10_000);
      // It tries again at once.
      await first.evaluate(() => void dispatchEvent(new Event('online')));
      await sleep(500);
    },
  },
];
