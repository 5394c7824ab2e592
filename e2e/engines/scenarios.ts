import { setTimeout as sleep } from 'node:timers/promises';
import type { Scenario } from '../delivery/scenario.ts';
import { FOREIGN } from '../delivery/test-site.ts';
import type { Engine, Keeping } from './engine.ts';
import type { EngineTrial } from './trial.ts';

export interface EngineScenario extends Scenario<EngineTrial> {
  /** On a secure context (the default), which has Web Locks, or on plain http. */
  isPlain?: boolean;
  /** Default: `profile`. */
  keeping?: Keeping;
  /** Engines it can't be played in, and why. */
  except?: Partial<Record<Engine['name'], string>>;
}

/** A preflight nobody has the answer to yet, as on the other side of an ocean. */
const COLD = { preflight: 150 };

/** Every request names the same visitor. */
const oneVisitor = ({ collector }: EngineTrial) => {
  const visitors = new Set(collector.posts.map(({ body }) => body.anonymous_id));
  return visitors.size > 1 ? `${visitors.size} visitors instead of one` : undefined;
};

const redirect = async (trial: EngineTrial, count: number, next: string) => {
  trial.collector.fail(COLD);
  const tab = await trial.open(trial.url(`cold${trial.land()}`));
  await trial.say(tab, trial.updates(count), next);
};

/** A redirect while the collector is down; it is up again with the next page, in the same tab or in another. */
const downUntilNextPage = (isSameTab: boolean) => async (trial: EngineTrial) => {
  trial.collector.fail({ otherwise: 'reset' });
  const tab = await trial.arrive();
  await trial.say(tab, trial.updates(2), trial.url('plain'));
  trial.collector.fail({});
  if (isSameTab) return void (await tab.goto(trial.url('site/')));
  await tab.close();
  await trial.open(trial.url('site/'));
};

const past503 = async (trial: EngineTrial) => {
  trial.collector.fail({ answers: [503] });
  await trial.say(await trial.arrive(), trial.updates(2));
};

const mainPath = async (trial: EngineTrial) => {
  const tab = await trial.arrive();
  await tab.goto(trial.url('site/pricing?utm_source=second'));
  await tab.goto(trial.url('site/login'));
  await trial.ask(tab, [trial.update()]);
};

/** Nobody opens another page of the site before all has to be there, except where a scenario says so. */
export const SCENARIOS: EngineScenario[] = [
  { name: 'a campaign link, two more pages, a login', play: mainPath, check: oneVisitor },
  { name: 'the same on plain http', isPlain: true, play: mainPath, check: oneVisitor },
  {
    name: 'a campaign link on `www.`, a login on `app.`',
    isPlain: true,
    async play(trial) {
      const tab = await trial.arrive();
      await tab.goto(trial.url('site/login', `app.${trial.name}.test`));
      await trial.ask(tab, [trial.update()]);
    },
    check: oneVisitor,
  },
  {
    name: 'redirect in the task of the call, cold preflight',
    play: trial => redirect(trial, 1, trial.url('plain')),
  },
  {
    name: 'the same to another origin',
    play: trial => redirect(trial, 1, trial.url('plain', FOREIGN)),
  },
  {
    name: 'the same with a second update, which waits for the first',
    play: trial => redirect(trial, 2, trial.url('plain')),
  },
  {
    name: 'said while the page is left (`pagehide`)',
    async play(trial) {
      const tab = await trial.arrive();
      trial.collector.fail(COLD);
      await trial.sayOnLeaving(tab, [trial.update()]);
      await tab.goto(trial.url('plain'));
    },
  },
  {
    name: 'tab closed right after the call, cold preflight',
    async play(trial) {
      trial.collector.fail(COLD);
      const tab = await trial.open(trial.url(`cold${trial.land()}`));
      await trial.say(tab, [trial.update()]);
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
    async play(trial) {
      trial.collector.fail({ otherwise: 'hang' });
      await trial.launch();
      await trial.say(await trial.arrive(), trial.updates(2));
      await sleep(300);
      await trial.kill();
      trial.collector.fail({});
      await trial.launch();
      await trial.open(trial.url('site/'));
    },
  },
];
