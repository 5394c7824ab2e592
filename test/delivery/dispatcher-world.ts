import { createDispatcher, type Dispatcher } from '../../src/delivery/dispatcher.ts';
import { merge } from '../../src/delivery/merge.ts';
import { dropped } from '../../src/shared/receipt.ts';
import type { Entry, JsonObject, Receipt } from '../../src/shared/types.ts';
import { FakeLocks } from '../browser/lock-manager.ts';
import { Collector, fakePage, MemoryStore, memoryPause } from '../world.ts';

export const TIMEOUT = 10_000;

/** An update of one profile. */
export const update = (profile: string, metadata: JsonObject = {}): Omit<Entry, 'id'> => ({
  profile,
  body: { user_id: profile, metadata },
  at: Date.now(),
});

/** An entry that an earlier page left `age` milliseconds ago. */
export const orphan = (profile: string, metadata: JsonObject = {}, age = 1000): Entry => {
  const at = Date.now() - age;
  return { ...update(profile, metadata), at, id: `${at}-1000000-orphan` };
};

let pages = 0;

/** A page with a dispatcher, over a store and a collector that outlive it. */
export function createWorld({
  store = new MemoryStore(),
  collector = new Collector(),
  locks = new FakeLocks() as FakeLocks | null,
  pause = memoryPause(),
  /** The anonymous ids of whom the visitor's record says that they are identified. */
  identified = new Set<string>(),
  /** What the browser remembers of the outbox. */
  mark = { isEmpty: false },
  name = `page-${++pages}`,
} = {}) {
  const base = fakePage({ locks });
  let isGone = false;
  let wasEmpty = false;
  let isDenied = false;
  const alive = (run: () => void) => () => void (isGone || run());
  const page = {
    ...base,
    uuid: () => name,
    setTimer: (run: () => void, wait: number) => base.setTimer(alive(run), wait),
  };
  const lines: string[] = [];
  const receipts: [Receipt, Entry][] = [];
  const confirmed: Entry[] = [];
  const stop = new AbortController();
  const dispatcher: Dispatcher = createDispatcher({
    entries: store,
    page,
    records: {
      isOutboxEmpty: () => mark.isEmpty,
      markEmpty: () => void Object.assign(mark, { isEmpty: true }),
      markFilled() {
        wasEmpty ||= mark.isEmpty;
        mark.isEmpty = false;
      },
      tryMarkEmpty() {
        mark.isEmpty = wasEmpty;
        return wasEmpty;
      },
    },
    retryAfter: pause,
    isDenied: () => isDenied,
    isIdentified: id => identified.has(id),
    send: body =>
      new Promise(resolve => {
        void collector.send(body as JsonObject).then(outcome => alive(() => resolve(outcome))());
      }),
    sendOnExit: body => collector.sendOnExit(body as JsonObject),
    onReceipt: (receipt, entry) => void receipts.push([receipt, entry]),
    onDelivered: entries => confirmed.push(...entries),
    signal: stop.signal,
    timeout: TIMEOUT,
    report: line => void lines.push(line),
  });
  const deny = () => {
    isDenied = true;
    dispatcher.stop(dropped('consent-denied'));
  };
  page.onHide(isLeaving => stop.signal.aborted || dispatcher.hide(isLeaving));
  /** What the browser does to a page that is closed, killed or navigated away from: it runs no more. */
  const close = () => {
    isGone = true;
    stop.abort();
    locks?.release(`utmost:${name}`);
  };
  return {
    close,
    deny,
    mark,
    store,
    collector,
    page,
    dispatcher,
    confirmed,
    stop,
    locks,
    pause,
    lines,
    receipts,
  };
}

/** What a server has that got these updates, in this order. */
export const merged = (bodies: readonly JsonObject[]) =>
  bodies.reduce<JsonObject>((older, newer) => merge(older, newer), {});
