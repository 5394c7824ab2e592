import type { Scenario } from '../delivery/scenario.ts';
import { FOREIGN } from '../delivery/test-site.ts';
import type { Engine, Keeping } from './engine.ts';
import type { EngineRun } from './run.ts';

export interface EngineScenario extends Scenario<EngineRun> {
  /** True on plain http. The default is a secure context, which has Web Locks. */
  isPlain?: boolean;
  /** Default: `profile`. */
  keeping?: Keeping;
  /** The engines it can't be played in, and why. */
  except?: Partial<Record<Engine['name'], string>>;
}

/** A preflight that no browser remembers, as on the other side of an ocean. */
const COLD = { preflight: 150 };

/** Checks that every request names the same visitor. */
const oneVisitor = ({ collector }: EngineRun) => {
  const visitors = new Set(collector.posts.map(({ body }) => body.anonymous_id));
  return visitors.size > 1 ? `${visitors.size} visitors instead of one` : undefined;
};

const redirect = async (run: EngineRun, count: number, next: string) => {
  run.collector.fail(COLD);
  const tab = await run.open(run.url(`cold${run.land()}`));
  await run.say(tab, run.updates(count), next);
};

/**
 * Redirects while the collector is down. It is up again with the next page, in the same tab or in another.
 */
const downUntilNextPage = (isSameTab: boolean) => async (run: EngineRun) => {
  run.collector.fail({ otherwise: 'reset' });
  const tab = await run.arrive();
  await run.say(tab, run.updates(2), run.url('plain'));
  run.collector.fail({});
  if (isSameTab) return void (await tab.goto(run.url('site/')));
  await tab.close();
  await run.open(run.url('site/'));
};

const past503 = async (run: EngineRun) => {
  run.collector.fail({ answers: [503] });
  await run.say(await run.arrive(), run.updates(2));
};

const mainPath = async (run: EngineRun) => {
  const tab = await run.arrive();
  await tab.goto(run.url('site/pricing?utm_source=second'));
  await tab.goto(run.url('site/login'));
  await run.ask(tab, [run.update()]);
};

/**
 * The scenarios. Nobody opens another page of the site before all has to be there, except where one says so.
 */
export const SCENARIOS: EngineScenario[] = [
  { name: 'a campaign link, two more pages, a login', play: mainPath, check: oneVisitor },
  { name: 'the same on plain http', isPlain: true, play: mainPath, check: oneVisitor },
  {
    name: 'a campaign link on `www.`, a login on `app.`',
    isPlain: true,
    async play(run) {
      const tab = await run.arrive();
      await tab.goto(run.url('site/login', `app.${run.name}.test`));
      await run.ask(tab, [run.update()]);
    },
    check: oneVisitor,
  },
  {
    name: 'redirect in the task of the call, cold preflight',
    play: run => redirect(run, 1, run.url('plain')),
  },
  {
    name: 'the same to another origin',
    play: run => redirect(run, 1, run.url('plain', FOREIGN)),
  },
  {
    name: 'the same with a second update, which waits for the first',
    play: run => redirect(run, 2, run.url('plain')),
  },
  {
    name: 'said while the page is left (`pagehide`)',
    async play(run) {
      const tab = await run.arrive();
      run.collector.fail(COLD);
      await run.sayOnLeaving(tab, [run.update()]);
      await tab.goto(run.url('plain'));
    },
  },
  {
    name: 'tab closed right after the call, cold preflight',
    async play(run) {
      run.collector.fail(COLD);
      const tab = await run.open(run.url(`cold${run.land()}`));
      await run.say(tab, [run.update()]);
      await tab.close();
    },
  },
  { name: '503, on the same page', play: past503 },
  {
    name: 'collector down during a redirect, up with the next page in that tab',
    except: { WebKit: 'a tab left in the middle of a write may get no more answer from its database' },
    play: downUntilNextPage(true),
  },
  { name: 'collector down during a redirect, up with the next tab', play: downUntilNextPage(false) },
  {
    name: 'the same on plain http, without Web Locks',
    isPlain: true,
    // The next page waits as long for the one that is gone.
    options: { timeout: 2000 },
    play: downUntilNextPage(false),
  },
  { name: 'the same in a private window', keeping: 'private', play: downUntilNextPage(false) },
  { name: 'cookies and all storage blocked, 503', keeping: 'blocked', play: past503 },
  {
    name: 'browser killed, then started again',
    except: { WebKit: 'a driven WebKitGTK keeps nothing on disk' },
    async play(run) {
      run.collector.fail({ otherwise: 'hang' });
      await run.launch();
      const tab = await run.arrive();
      await run.say(tab, run.updates(2));
      await run.untilInDatabase(tab, 2);
      await run.kill();
      run.collector.fail({});
      await run.launch();
      await run.open(run.url('site/'));
    },
  },
];
