import { readFileSync } from 'node:fs';
import type { Run } from '../delivery/run.ts';
import type { Entrant, Situation } from './entrants.ts';
import { seePage } from './visits.ts';

const SCRIPT = readFileSync(new URL('counting.js', import.meta.url), 'utf8');

/** What is counted, in the order of the tables' columns. Storage is localStorage and sessionStorage. */
export const COUNTED = [
  'cookie reads',
  'cookie writes',
  'storage reads',
  'storage writes',
  'databases',
  'locks',
  'requests',
  'timers',
] as const;

/** How often a page asked the browser for each of these. */
export type Counts = Record<(typeof COUNTED)[number], number>;

/** Counts one load, from its navigation to a second after the calls. Its times mean nothing: counting costs some. */
export async function countLoad(run: Run, entrant: Entrant, situation: Situation): Promise<Counts> {
  const page = await (await run.visitor()).newPage();
  let requests = 0;
  page.on('request', request => {
    if (!request.isNavigationRequest() && !request.url().endsWith('/client.js')) requests++;
  });
  await seePage(page, run, entrant, situation, { wrap: SCRIPT });
  const counts = (await page.evaluate('counts')) as Counts;
  await page.close();
  return { ...counts, requests };
}
