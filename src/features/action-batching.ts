import type { Page } from '../browser/page.ts';
import { type Batch, mergeWaiting, type ToBatch } from '../delivery/merge.ts';
import type { Complete } from '../options/options.ts';
import { byteLength } from '../shared/byte-length.ts';
import { toText } from '../shared/json.ts';
import { queued } from '../shared/receipt.ts';
import type { Entry, Json, Receipt } from '../shared/types.ts';

export interface BatchOptions {
  /** Lets actions wait for each other, to be sent as one request. Default true. */
  batchEnabled?: boolean | undefined;
  /** The most actions in one request. When that many wait, they are sent. Default 25. */
  batchSize?: number | undefined;
  /** Time for which actions wait for each other, in milliseconds. Default 2500. */
  batchMaxTime?: number | undefined;
}

/** The most that several actions have as one request, in bytes. Two such requests may outlive the page together. */
const BATCH_BYTES = 30 * 1024;

/** Packs as many actions, oldest first, as go into one request. */
function pack(actions: readonly Entry[]): Batch {
  let size = 0;
  const bodies: Json[] = [];
  for (const { body } of actions) {
    size += byteLength(toText(body));
    if (bodies[0] && size > BATCH_BYTES) break;
    bodies.push(body);
  }
  const count = bodies.length;
  return count > 1
    ? { count, body: bodies, path: 'actions/batch' }
    : { count, body: bodies[0] ?? {}, path: 'actions' };
}

/** Watches whether the page is hidden. Calls `onHidden` each time it becomes so. */
function watchHidden({ onHide, onResume }: Page, onHidden: () => void): () => boolean {
  let isHidden = false;
  onHide(() => {
    isHidden = true;
    onHidden();
  });
  onResume(() => {
    isHidden = false;
  }, new AbortController().signal);
  return () => isHidden;
}

/**
 * Makes the batching of actions. They wait for each other up to `batchMaxTime` from the first one, or until
 * `batchSize` of them wait. None waits while the page is hidden, since a hidden page may never run again.
 */
export function createBatching(
  page: Page,
  { batchEnabled, batchSize, batchMaxTime }: Complete<BatchOptions>,
) {
  let waiting = 0;
  /** Time of the first action that waits. */
  let since = 0;
  let isAdding = false;
  let flushes = 0;
  let cancel = () => {};
  const end = () => {
    cancel();
    waiting = 0;
  };
  const isHidden = watchHidden(page, end);

  const toBatch: ToBatch = entries => {
    if (entries[0]?.kind !== 'actions') return mergeWaiting(entries);
    // A flush for a newly added action does not send those of an earlier failure: they have their own time.
    const due = waiting ? entries.filter(({ at }) => !isAdding && at < since) : entries;
    return pack(due.slice(0, batchSize));
  };

  return {
    toBatch,
    /** Runs `work`, which sends all that waits. Meanwhile no action waits for another. */
    async flush(work: () => Promise<void>): Promise<void> {
      end();
      flushes++;
      await work();
      flushes--;
    },
    /**
     * Submits an action. It waits for others, after which `send` is called, or leaves with those that wait for it.
     * Resolves with the receipt.
     */
    async add(at: number, submit: () => Promise<Receipt>, send: () => void): Promise<Receipt> {
      if (!batchEnabled || isHidden() || flushes) return submit();
      if (!waiting) {
        since = at;
        cancel = page.setTimer(() => {
          end();
          send();
        }, batchMaxTime);
      }
      if (++waiting >= batchSize) {
        end();
        return submit();
      }
      isAdding = true;
      const submitted = submit();
      isAdding = false;
      const receipt = await submitted;
      return receipt.reason === 'paused' ? queued('batching') : receipt;
    },
  };
}
