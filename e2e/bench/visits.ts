import { setTimeout as sleep } from 'node:timers/promises';
import type { Page } from 'playwright';
import { openRun, type Run } from '../delivery/run.ts';
import { SECURE, type TestSite } from '../delivery/test-site.ts';
import { BASELINE } from './competitors.ts';
import { type Entrant, SETTLED, type Situation } from './entrants.ts';

/** The user whom pages identify. */
export const USER = 'ada';
/** Milliseconds from the load event to the calls, as a page needs to learn who its user is. */
const BEGIN = 100;
/** Milliseconds after the calls in which what a page does counts. */
const AFTERWARDS = 1000;

/** Builds code that notes the time and runs statements in a task of their own, some time after the page has loaded. */
const beginning = (statements: string) => `{
  // The browser's own, which nothing counts.
  const later = setTimeout;
  addEventListener('load', () => later(() => { window.calledAt = Date.now(); ${statements} }, ${BEGIN}));
}`;

/**
 * Opens a page that loads the entrant's script by a tag, makes the calls, and stays open for some milliseconds. The
 * code `wrap` runs before that script.
 */
export async function seePage(
  page: Page,
  run: Run,
  { competitor }: Entrant,
  { kind }: Situation,
  { stay = AFTERWARDS, wrap = '' } = {},
): Promise<void> {
  const statements = competitor ? [run.init] : [];
  // Nobody waits for what the call returns.
  if (competitor && kind === 'identify') statements.push(`void (${competitor.identify(run.update(USER))})`);
  await page.addInitScript(`${beginning(statements.join(';'))}\n${wrap}`);
  await page.goto(run.url(competitor ? 'cold' : 'plain'));
  await sleep(BEGIN + stay);
}

/** Opens a visitor never seen before, on a site and with a collector of their own. */
export const openVisitor = (testSite: TestSite, { competitor, options }: Entrant, name: string): Run =>
  openRun(testSite, name, SECURE, options?.(name), competitor ?? BASELINE);

/** Opens a visitor who has been there before. */
export async function openReturning(
  testSite: TestSite,
  entrant: Entrant,
  situation: Situation,
  name: string,
): Promise<Run> {
  const run = openVisitor(testSite, entrant, name);
  if (entrant.before) await entrant.before(run);
  else
    for (let visit = 0; visit < 2; visit++) {
      const page = await (await run.visitor()).newPage();
      await seePage(page, run, entrant, situation, { stay: SETTLED });
      await page.close();
    }
  return run;
}
