import { setTimeout as sleep } from 'node:timers/promises';
import type { Options } from '../../src/options/options.ts';
import type { Run } from '../delivery/run.ts';
import { type Competitor, THIS } from './competitors.ts';

/** What a page does: `init` alone, or `init` and then `identifyUser`; on a visitor's first page or a later one. */
export interface Situation {
  kind: 'view' | 'identify';
  visit: 'first' | 'later';
}

/** All of them, in the order of the tables' columns. */
export const SITUATIONS: readonly Situation[] = [
  { kind: 'view', visit: 'first' },
  { kind: 'view', visit: 'later' },
  { kind: 'identify', visit: 'first' },
  { kind: 'identify', visit: 'later' },
];

/** How a table calls what a page does. */
export const TITLES = { view: 'page view', identify: '`identifyUser`' } as const;

/** How a table calls a situation. */
export const titleOf = ({ kind, visit }: Situation): string => `${TITLES[kind]}, ${visit} visit`;

/** One row of the times: a client and how its pages are set up. */
export interface Entrant {
  name: string;
  /** The client whose script its pages load, if any. */
  competitor: Competitor | undefined;
  /** The options by which its pages begin, by the name of the run. */
  options?(run: string): Partial<Options>;
  /** What its visitors did before a later visit. Default: the same as on that visit, twice. */
  before?(run: Run): Promise<void>;
  /** Tells whether it is measured in that situation. Default: in all. */
  takes?(situation: Situation): boolean;
}

/** The page that all others are compared with: it loads nothing. */
export const BLANK: Entrant = { name: 'blank page', competitor: undefined };

/** utmost by a relay on the page's own origin. A page with nothing to tell asks no relay. */
export const RELAYED: Entrant = {
  name: `${THIS.name}, by a relay`,
  competitor: THIS,
  options: run => ({ relay: `/${run}/relay` }),
  takes: ({ kind }) => kind === 'identify',
};

/** The most updates that an outbox holds. */
const FULL = 200;
/** Milliseconds after which updates are on disk, and what an idle page does is done. */
export const SETTLED = 3000;

/** utmost where an earlier visit ended with a full outbox, at a collector that is down since. */
export const WAITING: Entrant = {
  name: `${THIS.name}, ${FULL} updates waiting`,
  competitor: THIS,
  takes: ({ visit }) => visit === 'later',
  async before(run) {
    const context = await run.visitor();
    const page = await run.tab();
    run.collector.fail({ otherwise: 'reset' });
    await context.setOffline(true);
    await run.ask(
      page,
      run.updates(FULL, n => `user-${n}`),
    );
    await sleep(SETTLED);
    await page.close();
    await context.setOffline(false);
  },
};

/** Returns the blank page, these competitors in one configuration each, and the further rows of utmost. */
export const entrantsOf = (competitors: readonly Competitor[]): Entrant[] => [
  BLANK,
  ...competitors
    .filter(({ isVariant }) => !isVariant)
    .map((competitor): Entrant => ({ name: competitor.name, competitor })),
  RELAYED,
  WAITING,
];
