import type { Entry } from '../shared/types.ts';
import type { DeliveryDependencies } from './dependencies.ts';
import { type EntryOwnership, HEAD_START } from './entry-ownership.ts';
import { createItems, find, type Item, type Items, toItem } from './items.ts';
import type { Eviction } from './outbox-limits.ts';
import { createSuperseded, isRedundantAfter } from './superseded.ts';
import { createSync } from './sync.ts';

export type Outbox = ReturnType<typeof createOutbox>;

/**
 * Makes the put of this page's entries into the store. The write begins in the task of the call, so that it outlives a
 * navigation. It is repeated after the head start, to outlive the browser too, unless the entry is gone by then.
 */
const createPut =
  (
    { entries: store, records, page }: Pick<DeliveryDependencies, 'entries' | 'records' | 'page'>,
    ownership: EntryOwnership,
    items: Items,
    adopt: (entry: Entry, put: Promise<void>) => Item,
  ) =>
  ({ id, kind, profile, body, at, touch }: Entry, isLeaving?: boolean): Item => {
    records.markFilled();
    const marked = { id, kind, profile, body, at, touch, ...ownership.current() };
    const put = () => store.put(marked);
    const quick = store.put(marked, true);
    if (isLeaving) return adopt(marked, quick);
    const item = adopt(marked, quick.catch(put));
    const putForGood = async () => {
      if (!find(items.all(), item)) return;
      ownership.acquire();
      await put().catch(() => {});
    };
    page.setTimer(() => {
      item.persisted = item.persisted.then(putForGood);
    }, HEAD_START);
    return item;
  };

/**
 * Keeps the entries that are this page's to send, oldest first, here and in the store. The store is right where they
 * differ: another page may have taken an entry over while this one slept. `onEvict` removes what is given up unsent.
 */
export function createOutbox(
  dependencies: Pick<
    DeliveryDependencies,
    'entries' | 'records' | 'page' | 'maxEntries' | 'isDenied' | 'isIdentified'
  >,
  ownership: EntryOwnership,
  onEvict: (item: Item, reason: Eviction[1]) => void,
) {
  const { entries: store, isDenied, isIdentified } = dependencies;
  const items = createItems();
  const superseded = createSuperseded();
  /** The anonymous ids of visitors who have been identified to the server. */
  const identified = new Set<unknown>();
  let count = 0;

  /** Takes an entry of the store, or on its way there (`put`), into this page's hands. */
  const adopt = (entry: Entry, put = Promise.resolve()): Item => {
    const item = toItem(entry, put, () => {
      // Withdrawn meanwhile, perhaps in another tab: what was erased must not come back.
      if (isDenied()) remove([item]);
    });
    items.add(item);
    return item;
  };

  const put = createPut(dependencies, ownership, items, adopt);
  // Another tab tells it by the visitor's record before it removes its own entry.
  const isRedundant = ({ profile, body }: Entry) =>
    !body.user_id && (identified.has(profile) || isIdentified(profile));

  /**
   * Removes these items from the outbox. If they were delivered, what they make superfluous goes too, of any page.
   * Returns all items that are gone.
   */
  const remove = (given: readonly Item[], isDelivered?: boolean): Item[] => {
    if (isDelivered) for (const { body } of given) identified.add(body.user_id && body.anonymous_id);
    const gone = [...new Set([...given, ...items.all().filter(isRedundant)])];
    const ids = items.forget([...gone, ...items.stored().filter(isRedundant)]);
    // Not before the put has found its store.
    if (ids[0]) void Promise.all(gone.map(item => item.persisted)).then(() => store.remove(ids));
    return gone;
  };

  return {
    items: items.all,
    of: items.of,
    /** Makes an entry of a call on this page, and puts it into the store. */
    enqueue: (draft: Omit<Entry, 'id'>, isLeaving: boolean): Item =>
      // Sorts by time (13 digits until 2286), then by order within this page; two tabs never choose the same.
      put({ ...draft, id: `${draft.at}-${1e6 + count++}-${ownership.current().owner}` }, isLeaving),
    remove,
    /** Checks whether an entry has to wait for an update, of this page or another, that may make it superfluous. */
    isHeldBack: (entry: Entry) =>
      !entry.body.user_id &&
      [...items.stored(), ...items.all()].some(update => isRedundantAfter(entry, update)),
    sync: createSync(dependencies, ownership, superseded, items, { adopt, put, remove, onEvict }),
    recordSent: superseded.recordSent,
  };
}
