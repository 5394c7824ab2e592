import type { Page } from '../src/browser/page.ts';
import type { Outcome } from '../src/delivery/outcome.ts';
import { dropped, queued } from '../src/shared/receipt.ts';
import type { Entry, JsonObject } from '../src/shared/types.ts';
import type { EntryStore, Owner } from '../src/storage/entry-store.ts';
import { FakeLocks } from './browser/lock-manager.ts';

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
  async put(entry: Entry, _isQuick?: boolean) {
    this.begun.push(entry.id);
    if (this.isBlocked) throw new DOMException('blocked', 'SecurityError');
    this.entries.set(entry.id, structuredClone(entry));
  }
  async remove(ids: string[]) {
    for (const id of ids) this.entries.delete(id);
  }
  async claim(seen: readonly Entry[], mark: Owner) {
    const asSeen = seen.filter(({ id, owner: page, ownedSince }) => {
      const entry = this.entries.get(id);
      return entry && entry.owner === page && entry.ownedSince === ownedSince;
    });
    const claimed = asSeen.map(entry => ({ ...entry, ...mark }));
    for (const entry of claimed) this.entries.set(entry.id, structuredClone(entry));
    return claimed;
  }
  async clear() {
    this.entries.clear();
  }
  async all() {
    return [...this.entries.values()];
  }
  get bodies(): JsonObject[] {
    return [...this.entries.values()].map(({ body }) => body);
  }
}

export const DELIVERED: Outcome = { status: 'delivered', httpStatus: 201 };
export const OFFLINE: Outcome = queued('network');
export const UNAUTHORIZED: Outcome = { ...queued('http', 'HTTP 401'), httpStatus: 401, retryAfter: Infinity };
export const REFUSED: Outcome = { ...dropped('http', 'HTTP 400'), httpStatus: 400 };
export const busy = (retryAfter: number): Outcome => ({
  ...queued('http', 'HTTP 503'),
  httpStatus: 503,
  retryAfter,
});

/** The other end: keeps the bodies it is sent, and answers by `rule`, or when it is told to. */
export class Collector {
  readonly got: JsonObject[] = [];
  /** What came from pages on their way out, which hear no answer. */
  readonly sentOnExit: JsonObject[] = [];
  private open: ((outcome: Outcome) => void)[] = [];

  /** `undefined` from the rule leaves the request open. */
  constructor(public rule: (body: JsonObject) => Outcome | undefined = () => undefined) {}

  readonly send = (body: JsonObject): Promise<Outcome> => {
    this.got.push(structuredClone(body));
    const outcome = this.rule(body);
    return outcome ? Promise.resolve(outcome) : new Promise(resolve => this.open.push(resolve));
  };

  readonly sendOnExit = (body: JsonObject): void => {
    this.sentOnExit.push(structuredClone(body));
  };

  /** Answers the oldest open request, and lets the news spread. */
  async answer(outcome: Outcome): Promise<void> {
    this.open.shift()?.(outcome);
    await settled();
  }
}

// Kept before a test replaces the timers. A task of its own runs once all promises before it have been settled.
const { setImmediate: runNextTask } = globalThis;

/** When all that needs no timer has happened. */
export const settled = (): Promise<void> => new Promise(resolve => runNextTask(resolve));

export interface FakePage extends Page {
  address: string;
  referrer: string;
  /** Back online, or visible again. */
  wake(): void;
  /** Shows a prerendered page. */
  activate(): void;
  /** Leaves the page, or only hides it. */
  hide(isLeaving?: boolean): void;
}

/** A page whose timers are the test's. */
export function fakePage({
  url = 'https://www.example.com/',
  referrer = '',
  prerendered = false,
  locks = new FakeLocks() as FakeLocks | null,
  random = 0.5,
  hasGlobalPrivacyControl = false,
  ids = 0,
} = {}): FakePage {
  let count = ids;
  const wakers: (() => void)[] = [];
  const actors: (() => void)[] = [];
  const hiders: ((isLeaving: boolean) => void)[] = [];
  const page: FakePage = {
    address: url,
    referrer,
    visit: () => ({ url: page.address, referrer: page.referrer, at: Date.now() }),
    url: () => page.address,
    now: () => Date.now(),
    random: () => random,
    uuid: () => `uuid-${++count}`,
    setTimer(run, milliseconds) {
      const timer = setTimeout(run, milliseconds);
      return () => clearTimeout(timer);
    },
    whenActivated: run => void (prerendered ? actors.push(run) : run()),
    onResume: (run, signal) => {
      wakers.push(() => signal.aborted || run());
    },
    onHide: run => void hiders.push(run),
    hide(isLeaving = true) {
      for (const run of hiders) run(isLeaving);
    },
    hasGlobalPrivacyControl: () => hasGlobalPrivacyControl,
    get lockManager() {
      return locks?.manager;
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

/** The server's wish to be left alone, as the origin remembers it. */
export function memoryPause(until = 0) {
  const pause = {
    until,
    save: (time: number) => {
      pause.until = time;
    },
    load: () => pause.until,
  };
  return pause;
}
