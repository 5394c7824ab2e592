import type { Runtime } from '../client/dependencies.ts';
import { tryOrUndefined } from '../shared/try-or-undefined.ts';
import { createDecisions } from './decisions.ts';
import { mask, toEvent } from './event.ts';
import { createQueue } from './queue.ts';
import { createRedaction } from './redact.ts';
import type { Call, Caller, CaptureSettings, Observer, ReadyEvent } from './types.ts';

/** What a recorder needs of the client at work. */
export type RecorderContext = Pick<
  Runtime,
  'page' | 'records' | 'visitor' | 'settings' | 'report' | 'send' | 'sendOnExit' | 'retryAfter'
>;

/** Makes events of calls that are over, and gives them to the queue. */
function createPipeline(
  { page, report }: Pick<RecorderContext, 'page' | 'report'>,
  settings: CaptureSettings,
  queue: ReturnType<typeof createQueue>,
) {
  const redaction = createRedaction(settings.redact);
  const releases = new Set<() => void>();
  const finished: Call[] = [];
  /** What sends each event at once, when the page is left or the recording has ended. */
  let hurry: (() => void) | undefined;
  const add = (event: ReadyEvent) => {
    const text = tryOrUndefined(() => mask(event, settings));
    if (text) queue.add(text);
    else report('calls: 1 dropped (maskContent threw, or returned no event)');
  };
  /** Makes events of all calls that are over. */
  const processAll = () => {
    for (const call of finished.splice(0))
      tryOrUndefined(() => add(toEvent(call, page.uuid(), settings, redaction)));
    hurry?.();
  };
  return {
    releases,
    add,
    processAll,
    hasEnded: () => !!hurry,
    finish(call: Call) {
      finished.push(call);
      if (hurry) processAll();
      // In a task of its own.
      else if (!finished[1]) page.setTimer(processAll, 0);
    },
    /** Lets go of what is being read, and sends what there is by `send`. Undefined: the page is back. */
    end(send: (() => void) | undefined) {
      hurry = send;
      if (!send) return;
      for (const release of releases) release();
      processAll();
    },
  };
}

/**
 * Records the calls of one visitor, of whom `readCaller` tells. It returns undefined when nothing may be recorded or sent
 * for them any more.
 */
export function createRecorder(
  context: RecorderContext,
  settings: CaptureSettings,
  readCaller: () => Caller | undefined,
) {
  const { page, visitor } = context;
  const queue = createQueue(context, settings, () => !!readCaller());
  const { add, end, finish, hasEnded, processAll, releases } = createPipeline(context, settings, queue);
  let isStopped = false;
  page.onHide(isLeaving => {
    if (isLeaving) return end(queue.sendOnExit);
    processAll();
    queue.sendOnExit();
  });
  page.onResume(() => isStopped || end(undefined), new AbortController().signal);
  const observer: Observer = {
    ...settings,
    ...createDecisions(context, settings, () => (isStopped ? undefined : readCaller()), hasEnded),
    setTimer: page.setTimer,
    releases,
    finish,
  };
  return {
    ...observer,
    visitor,
    flush() {
      processAll();
      return queue.flush();
    },
    /** Ends it: what is being read is let go. Calls that have their answer are sent. */
    stop() {
      isStopped = true;
      end(() => void queue.flush());
    },
    recordEvent(event: ReadyEvent) {
      const caller = readCaller();
      if (caller) add({ transaction_id: page.uuid(), ...caller, ...event });
    },
  };
}
