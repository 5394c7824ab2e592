import type { Outcome } from '../src/delivery/outcome.ts';
import type { Page } from '../src/page.ts';
import type { EntryStore } from '../src/storage/outbox.ts';
import type { Entry, JsonObject } from '../src/types.ts';

/** An outbox in this test's memory: what is in it is what would outlive the page. */
export class MemoryStore implements EntryStore {
  readonly entries = new Map<string, Entry>();
  /** Takes nothing, as where the browser blocks storage. */
  isBlocked = false;
  /** Ids in the order in which puts began. */
  readonly begun: string[] = [];

  constructor(...entries: Entry[]) {
    for (const entry of entries) this.entries.set(entry.id, entry);
  }
  async put(entry: Entry) {
    this.begun.push(entry.id);
    if (this.isBlocked) throw new DOMException('blocked', 'SecurityError');
    this.entries.set(entry.id, structuredClone(entry));
  }
  async remove(id: string) {
    this.entries.delete(id);
  }
  async all() {
    return [...this.entries.values()];
  }
  get bodies(): JsonObject[] {
    return [...this.entries.values()].map(({ body }) => body);
  }
}

export const DELIVERED: Outcome = { status: 'delivered', httpStatus: 201, after: 0 };
export const OFFLINE: Outcome = { status: 'queued', reason: 'TypeError', after: 0 };
export const UNAUTHORIZED: Outcome = {
  status: 'queued',
  reason: 'HTTP 401',
  httpStatus: 401,
  after: Infinity,
};
export const REFUSED: Outcome = { status: 'dropped', reason: 'HTTP 400', httpStatus: 400, after: 0 };
export const busy = (after: number): Outcome => ({
  status: 'queued',
  reason: 'HTTP 503',
  httpStatus: 503,
  after,
});

/** The other end: keeps the bodies it is sent, and answers by `rule`, or when it is told to. */
export class Collector {
  readonly got: JsonObject[] = [];
  private open: ((outcome: Outcome) => void)[] = [];

  /** `undefined` from the rule leaves the request open. */
  constructor(public rule: (body: JsonObject) => Outcome | undefined = () => undefined) {}

  readonly send = (body: JsonObject): Promise<Outcome> => {
    this.got.push(structuredClone(body));
    const outcome = this.rule(body);
    return outcome ? Promise.resolve(outcome) : new Promise(resolve => this.open.push(resolve));
  };

  /** Answers the oldest open request, and lets the news spread. */
  async answer(outcome: Outcome): Promise<void> {
    this.open.shift()?.(outcome);
    await settled();
  }
}

/** When all that needs no timer has happened. */
export async function settled(): Promise<void> {
  for (let index = 0; index < 30; index++) await undefined;
}

export interface FakePage extends Page {
  address: string;
  referrer: string;
  /** Back online, or visible again. */
  wake(): void;
  /** Shows a prerendered page. */
  activate(): void;
  /** Leaves the page. */
  hide(): void;
}

/** A page whose timers are the test's. */
export function fakePage({
  url = 'https://www.example.com/',
  referrer = '',
  prerendered = false,
} = {}): FakePage {
  let count = 0;
  const wakers: (() => void)[] = [];
  const actors: (() => void)[] = [];
  const hiders: (() => void)[] = [];
  const page: FakePage = {
    address: url,
    referrer,
    visit: () => ({ url: page.address, referrer: page.referrer, at: Date.now() }),
    url: () => page.address,
    now: () => Date.now(),
    random: () => 0.5,
    uuid: () => `uuid-${++count}`,
    later(run, milliseconds) {
      const timer = setTimeout(run, milliseconds);
      return () => clearTimeout(timer);
    },
    whenActive: run => void (prerendered ? actors.push(run) : run()),
    onWake: (run, signal) => {
      wakers.push(() => signal.aborted || run());
    },
    onHide: (run, signal) => {
      hiders.push(() => signal.aborted || run());
    },
    hide() {
      for (const run of hiders) run();
    },
    wake() {
      for (const run of wakers) run();
    },
    activate() {
      for (const run of actors) run();
    },
  };
  return page;
}
