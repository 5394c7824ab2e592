import { openRun } from '../delivery/run.ts';
import { playRun, type Scenario } from '../delivery/scenario.ts';
import { addUp, type Summary } from '../delivery/summarize.ts';
import { SECURE, type TestSite } from '../delivery/test-site.ts';
import type { Competitor } from './competitors.ts';
import type { Block } from './report.ts';
import { KILLS, SCENARIOS } from './scenarios.ts';
import { lessThan } from './verdict.ts';

/**
 * The number of runs at once, as most of their time they wait. Of those with a browser of their own, fewer.
 */
const AT_ONCE = 32;
const BROWSERS_AT_ONCE = 8;
/** Attempts to play a run before it counts as one that cannot be played. */
const TRIES = 3;

interface Result {
  competitor: Competitor;
  scenario: Scenario;
  counted: Summary;
  eventually: number;
}

/** The results of all runs of one competitor in one scenario. */
interface Cell extends Summary {
  eventually: number;
}

const cellOf = (results: readonly Result[]): Cell => ({
  ...addUp(results.map(({ counted }) => counted)),
  eventually: results.reduce((sum, { eventually }) => sum + eventually, 0),
});

/** Plays each scenario so many times with each competitor, in turns. */
async function play(
  testSite: TestSite,
  competitors: readonly Competitor[],
  scenarios: readonly Scenario[],
  runs: number,
  atOnce: number,
): Promise<Result[]> {
  const waiting = scenarios.flatMap((scenario, s) =>
    Array.from({ length: runs }, (_, n) =>
      competitors.map((competitor, c) => ({
        scenario,
        competitor,
        name: `${s}-${c}-${n}-${atOnce}`,
        tries: 1,
      })),
    ).flat(),
  );
  const all = waiting.length;
  const results: Result[] = [];
  const worker = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const { scenario, competitor, name, tries } = next;
      const { site = SECURE, options } = scenario;
      const run = openRun(testSite, `run-${name}`, site, options, competitor);
      const { wasPlayed, counted, eventually } = await playRun(run, scenario);
      // A machine too busy to play it says nothing of the client.
      if (!wasPlayed) {
        if (tries === TRIES)
          throw new Error(
            `${competitor.name}: "${scenario.name}" could not be played ${TRIES} times. Run it on a machine with less to do.`,
          );
        waiting.push({ ...next, name: `${name}-again`, tries: tries + 1 });
        continue;
      }
      results.push({ scenario, competitor, counted, eventually });
      if (results.length % (runs * competitors.length) === 0) console.log(`${results.length} of ${all} runs`);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return results;
}

const percent = (part: number, whole: number) => `${Math.round((part / whole) * 100)} %`;

const delivered = ({ n, delivered, eventually }: Cell) =>
  eventually > delivered
    ? `${percent(delivered, n)}, later ${percent(eventually, n)}`
    : percent(delivered, n);

/** Returns two tables, of what arrived and of what arrived wrong, and where a peer does better. */
export async function measureDelivery(
  testSite: TestSite,
  competitors: readonly Competitor[],
  runs: number,
): Promise<Block[]> {
  const results = [
    ...(await play(testSite, competitors, SCENARIOS, runs, AT_ONCE)),
    ...(await play(testSite, competitors, KILLS, runs, BROWSERS_AT_ONCE)),
  ];
  const scenarios = [...SCENARIOS, ...KILLS];
  const lines = competitors.map(competitor => ({
    name: competitor.name,
    cells: scenarios.map(scenario =>
      cellOf(results.filter(result => result.competitor === competitor && result.scenario === scenario)),
    ),
  }));
  const rowsOf = (tell: (cell: Cell) => string) => lines.map(({ name, cells }) => [name, ...cells.map(tell)]);
  const head = scenarios.map(({ name }) => name);
  const arrived = { head: ['delivered', ...head], rows: rowsOf(delivered) };
  const wrong = {
    head: ['in the wrong order / repeats', ...head],
    rows: rowsOf(({ outOfOrder, repeats }) => `${outOfOrder} / ${repeats}`),
  };
  const columns = (value: (cell: Cell, own: Cell | undefined) => number) =>
    lines.map(({ name, cells }) => ({
      name,
      values: cells.map((cell, n) => value(cell, lines[0]?.cells[n])),
    }));
  const lost = columns(({ n, delivered }) => n - delivered);
  const repeated = columns((cell, own) =>
    cell.delivered === own?.delivered && cell.outOfOrder <= own.outOfOrder ? cell.repeats : Number.NaN,
  );
  return [
    arrived,
    wrong,
    `Loses fewer than utmost: ${lessThan(head, lost, String)}`,
    `Delivers as much, in as good an order, with fewer repeats: ${lessThan(head, repeated, String)}`,
  ];
}
