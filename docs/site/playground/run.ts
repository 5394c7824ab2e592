import { channelOf } from 'utmost/channel';
import { type Decision, type Simulation, simulateVisits } from 'utmost/simulate';
import { type PlaygroundState, toSimulation } from './state.ts';

/** What the rules made of the visits, or why they could not run. */
export interface Outcome {
  /** One for each visit typed in; none where its address is empty or is no address. */
  decisions: (Decision | undefined)[];
  /** The fields that an `identifyUser` would send. */
  campaign: [field: string, value: string][];
  /** Its channel, by Google Analytics' rules. */
  channel?: string;
  /** The number of the visit that is the first touch, and of the last; the first visit is 1. */
  first?: number;
  last?: number;
  /** Sentences that tell the fix, by the number of the visit. */
  faults: Record<number, string>;
  /** The same of an option. */
  error?: string;
}

const NOTHING: Outcome = { decisions: [], campaign: [], faults: {} };

const isAddress = (url: string) => {
  try {
    return /^https?:$/.test(new URL(url).protocol);
  } catch {
    return false;
  }
};

/** Runs the rules over what is typed in. Never throws. */
export function runPlayground(state: PlaygroundState): Outcome {
  const { visits, options } = toSimulation(state);
  const typed = state.visits.flatMap(({ url }, n) => (url.trim() ? [n] : []));
  const faults: Record<number, string> = {};
  const good = visits.flatMap((visit, n) => {
    const place = typed[n] ?? 0;
    if (!isAddress(visit.url))
      faults[place + 1] = 'This is no address: type one such as https://www.example.com/.';
    return faults[place + 1] ? [] : [{ visit, place }];
  });
  try {
    const result = simulateVisits(
      good.map(({ visit }) => visit),
      options,
    );
    const decisions = state.visits.map(
      (_, place) => result.decisions[good.findIndex(each => each.place === place)],
    );
    return { ...toOutcome(result, decisions), faults };
  } catch (error) {
    return { ...NOTHING, faults, error: error instanceof Error ? error.message : `${error}` };
  }
}

function toOutcome({ campaign = {}, first, last }: Simulation, decisions: Outcome['decisions']) {
  const numberOf = (at: number | undefined) =>
    decisions.findIndex(decision => decision?.at === at && decision?.outcome === 'new touch') + 1;
  const fields = Object.entries(campaign).filter((pair): pair is [string, string] => Boolean(pair[1]));
  return {
    decisions,
    campaign: fields,
    channel: channelOf(Object.fromEntries(fields)),
    ...(first && { first: numberOf(first.at) }),
    ...(last && { last: numberOf(last.at) }),
  };
}

/** Writes an object of plain values on one line. */
const literal = (value: object) => {
  const fields = Object.entries(value).map(([key, each]) => `${key}: ${JSON.stringify(each)}`);
  return fields.length ? `{ ${fields.join(', ')} }` : '{}';
};

/** Writes the same as a call, for a test of one's own. */
export function toCode(state: PlaygroundState): string {
  const { visits, options } = toSimulation(state);
  const begin = visits[0]?.at ?? 0;
  const lines = visits.map(({ at = begin, ...visit }) => {
    const minutes = (at - begin) / 60_000;
    return `    ${literal(visit).replace(/ \}$/, `, at: start + ${minutes} * MINUTE }`)},`;
  });
  return `import { simulateVisits } from 'utmost/simulate';

const MINUTE = 60_000;
const start = Date.UTC(2026, 0, 1);
const { campaign, decisions } = simulateVisits(
  [
${lines.join('\n')}
  ],
  ${literal(options)},
);
`;
}
