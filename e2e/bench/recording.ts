import { setTimeout as sleep } from 'node:timers/promises';
import type { Browser, CDPSession, Page } from 'playwright';
import { ANSWER, NONE_RECORDS, type Recorder, recorders, servePages } from './recorders.ts';
import { type Block, milliseconds } from './report.ts';
import { median, shuffle } from './samples.ts';

/** Milliseconds that utmost may add in a page's own tasks, at the speed of the machine. */
const LIMIT = 1;
/** Calls of each kind before those that are measured: code that runs for the first time takes longer. */
const WARM_UP = 8;
/** Milliseconds after a call in which what follows from it counts. */
const REST = 250;

export const KINDS = ['fetch', 'XHR'] as const;
type Kind = (typeof KINDS)[number];

/** One call of a page. */
export interface RecordedCall {
  /** Milliseconds of the main thread until nothing is left but tasks that were set for later. */
  own: number;
  /** Milliseconds of the main thread in those, and in what follows. */
  later: number;
  /** The number of tasks set for later. */
  tasks: number;
}

/** The calls of one recorder, by kind. */
export type Recorded = { name: string } & Record<Kind, RecordedCall[]>;

async function taskDuration(session: CDPSession): Promise<number> {
  const { metrics } = await session.send('Performance.getMetrics');
  return (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN) * 1000;
}

/** Measures one call: first with the tasks set for later held back, then as these run. */
async function measureCall(page: Page, session: CDPSession, kind: Kind): Promise<RecordedCall> {
  const before = await taskDuration(session);
  await page.evaluate(`holdTasks(); callBy${kind === 'fetch' ? 'Fetch' : 'XHR'}()`);
  await sleep(REST);
  const held = await taskDuration(session);
  const tasks = Number(await page.evaluate('letGo()'));
  await sleep(REST);
  return { own: held - before, later: (await taskDuration(session)) - held, tasks };
}

/** Measures the calls of each recorder's page, in another random order each round. */
export async function measureCalls(
  browser: Browser,
  all: readonly Recorder[],
  rounds: number,
  warmUp = WARM_UP,
): Promise<Recorded[]> {
  const pages = await servePages(all);
  try {
    const open = await Promise.all(
      all.map(async ({ name }, n) => {
        const page = await (await browser.newContext()).newPage();
        const session = await page.context().newCDPSession(page);
        // The thread's own time: what else the machine does is no part of it.
        await session.send('Performance.enable', { timeDomain: 'threadTicks' });
        await page.goto(pages.url(n));
        return { page, session, recorded: { name, fetch: [], XHR: [] } as Recorded };
      }),
    );
    for (let round = -warmUp; round < rounds; round++)
      for (const { page, session, recorded } of shuffle(open))
        for (const kind of shuffle(KINDS)) {
          const call = await measureCall(page, session, kind);
          if (round >= 0) recorded[kind].push(call);
        }
    for (const { page } of open) await page.context().close();
    return open.map(({ recorded }) => recorded);
  } finally {
    pages.close();
  }
}

/** Returns what a recorder adds to a page's call, in medians. */
function addedBy(all: readonly Recorded[], recorded: Recorded, kind: Kind): RecordedCall {
  const blank = all.find(({ name }) => name === NONE_RECORDS.name);
  const over = (key: keyof RecordedCall) =>
    median(recorded[kind].map(call => call[key])) -
    (blank && blank !== recorded ? median(blank[kind].map(call => call[key])) : 0);
  return { own: over('own'), later: over('later'), tasks: over('tasks') };
}

/** The table of what recording adds to a call, and the budget. */
export function tableOfCalls(all: readonly Recorded[]): Block[] {
  const head = KINDS.flatMap(kind => [`${kind}: own tasks`, `${kind}: later tasks`, `${kind}: their number`]);
  const rows = all.map(recorded => [
    recorded.name,
    ...KINDS.flatMap(kind => {
      const { own, later, tasks } = addedBy(all, recorded, kind);
      return [milliseconds(own), milliseconds(later), tasks];
    }),
  ]);
  const ours = all.find(({ name }) => name.startsWith('utmost'));
  const budgets = KINDS.map(kind => {
    const own = ours ? addedBy(all, ours, kind).own : Number.NaN;
    return [
      `own tasks of a call by ${kind}`,
      milliseconds(LIMIT),
      milliseconds(own),
      own <= LIMIT ? 'met' : 'missed',
    ];
  });
  return [
    { head: ['added to a call', ...head], rows },
    { head: ['budget', 'at most', 'measured', ''], rows: budgets },
  ];
}

/** Measures what recording a call costs. */
export async function measureRecording(browser: Browser, rounds: number): Promise<Block[]> {
  const size = (Buffer.byteLength(ANSWER) / 1000).toFixed(0);
  return [
    `Medians of ${rounds} calls each with ${size} KB of JSON, over those of a page without recording:`,
    ...tableOfCalls(await measureCalls(browser, await recorders(), rounds)),
  ];
}
