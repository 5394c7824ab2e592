import type { Page } from '../browser/page.ts';
import { mergeWaiting, type ToBatch } from '../delivery/merge.ts';
import { byteLength } from '../shared/byte-length.ts';
import { copyOf, toText } from '../shared/json.ts';
import { queued } from '../shared/receipt.ts';
import type { Entry, Identity, Json, JsonObject, Receipt } from '../shared/types.ts';
import { actionUri } from './campaign-filters.ts';
import type { Extras } from './options.ts';

/** Actions that go together wait under one name, whoever did them. With a control character, which is in no user's id. */
const PROFILE = 'actions:\0';

/** Most that several actions have as one request, in bytes: two such requests may outlive the page together. */
const BATCH_BYTES = 30 * 1024;

/** What happened, as far as it is known at the time of the call. */
export interface Happened {
  name: string;
  /** In milliseconds since 1970. */
  at: number;
  /** The page's address. */
  url: string;
  userAgent: string;
  transactionId: string;
  sessionToken: string | undefined;
  metadata: JsonObject | undefined;
}

/** An action in the API's shape, its fields in the documented order. */
export function actionEntry(
  { name, at, url, userAgent, transactionId, sessionToken, metadata }: Happened,
  { anonymousId, userId, companyId }: Identity,
  extras: Extras,
): Omit<Entry, 'id'> {
  const body = {
    action_name: name,
    company_id: companyId,
    user_id: userId,
    anonymous_id: userId ? undefined : anonymousId,
    session_token: sessionToken,
    request: {
      time: new Date(at).toISOString(),
      uri: actionUri(url, extras),
      verb: 'GET',
      user_agent_string: userAgent,
    },
    transaction_id: transactionId,
    metadata,
  };
  return {
    kind: 'actions',
    profile: extras.batchEnabled ? PROFILE : PROFILE + transactionId,
    body: copyOf(body),
    at,
  };
}

/**
 * Lets actions wait for each other, up to `batchMaxTime` from the first one, or until `batchSize` of them wait; but not
 * while the page is hidden, when there may be no later.
 */
export function createBatching(
  { later, onHide, onResume }: Page,
  { batchEnabled, batchSize, batchMaxTime }: Pick<Extras, 'batchEnabled' | 'batchSize' | 'batchMaxTime'>,
) {
  let waiting = 0;
  /** Time of the first action that waits. */
  let since = 0;
  let isAdding = false;
  let isAway = false;
  let flushes = 0;
  let cancel = () => {};
  const end = () => {
    cancel();
    waiting = 0;
  };
  onHide(() => {
    isAway = true;
    end();
  });
  onResume(() => {
    isAway = false;
  }, new AbortController().signal);

  const toBatch: ToBatch = entries => {
    if (entries[0]?.kind !== 'actions') return mergeWaiting(entries);
    let size = 0;
    const bodies: Json[] = [];
    // One that is only added sends none of an earlier failure either: those have their own time.
    const due = waiting ? entries.filter(({ at }) => !isAdding && at < since) : entries;
    for (const { body } of due.slice(0, batchSize)) {
      size += byteLength(toText(body));
      if (bodies[0] && size > BATCH_BYTES) break;
      bodies.push(body);
    }
    const count = bodies.length;
    return count > 1
      ? { count, body: bodies, path: 'actions/batch' }
      : { count, body: bodies[0] ?? {}, path: 'actions' };
  };

  return {
    toBatch,
    /** Does what is to send all that waits: meanwhile nothing waits for another. */
    async flush(work: () => Promise<void>): Promise<void> {
      end();
      flushes++;
      await work();
      flushes--;
    },
    /**
     * Submits an action: to wait for others, after which `send` is called, or to leave with those that wait for it.
     * Resolves with the receipt.
     */
    async add(at: number, submit: () => Promise<Receipt>, send: () => void): Promise<Receipt> {
      if (!batchEnabled || isAway || flushes) return submit();
      if (!waiting) {
        since = at;
        cancel = later(() => {
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
