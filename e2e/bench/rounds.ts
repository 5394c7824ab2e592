import { setTimeout as sleep } from 'node:timers/promises';
import type { Run } from '../delivery/run.ts';
import type { TestSite } from '../delivery/test-site.ts';
import { type Counts, countLoad } from './counts.ts';
import { type Entrant, SITUATIONS, type Situation } from './entrants.ts';
import { type Load, measureLoad } from './loads.ts';
import { shuffle } from './samples.ts';
import { openReturning, openVisitor } from './visits.ts';

/** Milliseconds between two loads, in which the browser tidies up. */
export const PAUSE = 150;

/** The number of visitors who make their earlier visits at once: nothing of these is measured. */
const AT_ONCE = 4;

/** What was measured of one entrant in one situation. */
export interface Measured {
  entrant: Entrant;
  situation: Situation;
  /** The loads that were timed, one a round. */
  loads: Load[];
  /** What one more load was counted to ask for. */
  counts: Counts;
}

interface Place {
  name: string;
  entrant: Entrant;
  situation: Situation;
  loads: Load[];
  /** The visitor of later visits; the first visit of each round has one of its own. */
  returning?: Run;
}

function placesOf(entrants: readonly Entrant[], situations: readonly Situation[]): Place[] {
  const pairs = entrants.flatMap(entrant =>
    situations
      .filter(situation => entrant.takes?.(situation) ?? true)
      .map(situation => ({ entrant, situation })),
  );
  return pairs.map((pair, n) => ({ ...pair, name: `load-${n}`, loads: [] }));
}

/** Opens the visitors of later visits, and lets them make the earlier ones. */
async function prepare(testSite: TestSite, places: readonly Place[]): Promise<void> {
  const waiting = places.filter(({ situation }) => situation.visit === 'later');
  while (waiting.length)
    await Promise.all(
      waiting.splice(0, AT_ONCE).map(async place => {
        place.returning = await openReturning(testSite, place.entrant, place.situation, place.name);
      }),
    );
}

/** Lets a visitor of that place see a page, and the browser tidy up after it. */
async function visit<Seen>(
  testSite: TestSite,
  { name, entrant, situation, returning }: Place,
  turn: string,
  see: (run: Run, entrant: Entrant, situation: Situation) => Promise<Seen>,
): Promise<Seen> {
  const run = returning ?? openVisitor(testSite, entrant, `${name}-${turn}`);
  try {
    return await see(run, entrant, situation);
  } finally {
    if (!returning) await run.close();
    await sleep(PAUSE);
  }
}

/**
 * Measures each entrant in each situation once a round, in another random order each time, so that what else the
 * machine does falls on all. Counts are taken of one more load each.
 */
export async function measureRounds(
  testSite: TestSite,
  entrants: readonly Entrant[],
  rounds: number,
  situations = SITUATIONS,
): Promise<Measured[]> {
  const places = placesOf(entrants, situations);
  try {
    await prepare(testSite, places);
    for (let round = 1; round <= rounds; round++) {
      for (const place of shuffle(places))
        place.loads.push(await visit(testSite, place, `${round}`, measureLoad));
      console.log(`round ${round} of ${rounds}`);
    }
    const measured: Measured[] = [];
    for (const place of places) {
      const { entrant, situation, loads } = place;
      measured.push({
        entrant,
        situation,
        loads,
        counts: await visit(testSite, place, 'counted', countLoad),
      });
    }
    return measured;
  } finally {
    for (const { returning } of places) await returning?.close();
  }
}
