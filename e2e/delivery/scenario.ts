import { setTimeout as sleep } from 'node:timers/promises';
import type { Options } from '../../src/options/options.ts';
import type { Collector } from './collector.ts';
import { type Run, until } from './run.ts';
import { addUp, type Summary } from './summarize.ts';

/** The part of a run that its result needs, in whatever browser it is played. */
export interface Played {
  name: string;
  collector: Collector;
  /** The errors that pages threw. */
  errors: readonly string[];
  summarize(): Summary;
  /** Lets the visitor see another page of the site some time later. All that still waits is sent. */
  comeBack(): Promise<void>;
  close(): Promise<void>;
}

/** The events that a visitor's updates go through. */
export interface Scenario<T extends Played = Run> {
  name: string;
  /** Makes the updates and lets happen what happens. */
  play(run: T): Promise<void>;
  /** Checks what else has to hold of a run. Returns a sentence for what does not. */
  check?(run: T): string | undefined;
  /** The host of the site's pages. Default: one that is a secure context. */
  site?: string;
  options?: Partial<Options>;
  /** Milliseconds that the updates may take to arrive, after `play`. Default 20 s. */
  within?: number;
  /** Milliseconds that they may take with the next visit, if they have not arrived before that. Default 200. */
  later?: number;
  /** Runs at once. Default 6. */
  atOnce?: number;
  /** True if nothing disturbs a request: no update may be sent twice. */
  isUndisturbed?: boolean;
  /** True if no other scenario may be played beside it, since it has to be in time or keeps the machine busy. */
  isAlone?: boolean;
  /** True if the machine's speed decides it: it is played where results are counted, and nowhere else. */
  isCounted?: boolean;
}

/** The results of a scenario's runs. */
export interface Row extends Summary {
  runs: number;
}

const CALLS_SHOWN = 5;
const LINES_SHOWN = 12;

const shorten = (items: readonly string[], most: number) =>
  items.length > most ? [...items.slice(0, most), `… ${items.length - most} more`] : items;

/** Tells a run as the collector saw it. */
function storyOf({ name, collector }: Played, counted: Summary, complaints: string[]): string {
  const { posts } = collector;
  const lines = posts.map(({ at, body, answer, stored, answered }) => {
    const calls = Object.keys(body.metadata ?? {}).filter(key => key.startsWith('call_'));
    const what = `${body.user_id ?? 'visitor'} ${shorten(calls, CALLS_SHOWN).join(' ')}`;
    const how = typeof answer === 'object' ? answer.status : answer;
    const seen = stored && !answered ? ', answer unseen' : '';
    return `  +${at - (posts[0]?.at ?? at)} ms: ${what} → ${how}${seen}, latest ${body.metadata?.latest}`;
  });
  return [
    `${name}: ${JSON.stringify(counted)} ${complaints.join('; ')}`,
    ...shorten(lines, LINES_SHOWN),
  ].join('\n');
}

/**
 * Plays a scenario once. Returns whether it was played to its end, its result, and its story if something
 * went wrong.
 */
export async function playRun<T extends Played>(run: T, scenario: Scenario<T>) {
  const { play, check, within = 20_000, later = 200, isUndisturbed } = scenario;
  try {
    const complaints: string[] = [];
    const attempt = async (what: string, step: () => Promise<unknown>) => {
      try {
        await step();
      } catch (error) {
        complaints.push(`${what}: ${(error as Error).message}`);
      }
    };
    await attempt('play', () => play(run));
    const wasPlayed = !complaints.length;
    const isThere = () => run.summarize().delivered === run.summarize().n;
    await until(isThere, within);
    // What arrives with a later visit alone was not delivered in time; what still waits then must do no harm.
    const { delivered } = run.summarize();
    await attempt('the next visit', run.comeBack);
    await until(isThere, later);
    await sleep(200);
    const { delivered: eventually, ...rest } = run.summarize();
    const counted = { ...rest, delivered };
    complaints.push(...run.errors.map(error => `the page threw: ${error}`), check?.(run) ?? '');
    const { n, outOfOrder, duplicates, repeats } = counted;
    if (!n) complaints.push('no update was made');
    const isRight = delivered === n && !outOfOrder && !duplicates && !(isUndisturbed && repeats);
    const told = complaints.filter(Boolean);
    return {
      counted,
      eventually,
      wasPlayed,
      failure: isRight && !told.length ? [] : [storyOf(run, counted, told)],
    };
  } finally {
    await run.close();
  }
}

/** Plays a scenario so many times, some at once, and tells the story of each run that went wrong. */
export async function playScenario<T extends Played>(
  open: (name: string) => T,
  scenario: Scenario<T>,
  slug: string,
  runs: number,
): Promise<Row & { failures: string[] }> {
  const names = Array.from({ length: runs }, (_, n) => `${slug}-${n + 1}`);
  const results: Awaited<ReturnType<typeof playRun>>[] = [];
  const worker = async () => {
    for (let name = names.shift(); name; name = names.shift())
      results.push(await playRun(open(name), scenario));
  };
  await Promise.all(Array.from({ length: Math.min(runs, scenario.atOnce ?? 6) }, worker));
  return {
    ...addUp(results.map(({ counted }) => counted)),
    runs,
    failures: results.flatMap(({ failure }) => failure),
  };
}
