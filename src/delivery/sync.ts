import type { Entry } from '../shared/types.ts';
import type { DeliveryDependencies } from './dependencies.ts';
import type { EntryOwnership } from './entry-ownership.ts';
import { find, type Item, type Items } from './items.ts';
import { mergeWaiting } from './merge.ts';
import { type Eviction, findEvictions, MAX_ENTRIES } from './outbox-limits.ts';
import type { Superseded } from './superseded.ts';

/** What a sync does to the outbox. */
interface Changes {
  adopt(entry: Entry): Item;
  put(entry: Entry): Item;
  remove(items: readonly Item[]): void;
  onEvict(item: Item, reason: Eviction[1]): void;
}

/** Makes one entry of a profile's oldest items. Returns it with its parts, or undefined where there are not two. */
function toCompact(items: readonly Item[]): [entry: Entry, parts: Item[]] | undefined {
  const busy = items.find(({ isInFlight, isUnmergeable, answer }) => isInFlight || isUnmergeable || answer);
  const idle = items.filter(({ id }) => !busy || id < busy.id);
  const { count, body } = mergeWaiting(idle);
  const parts = idle.slice(0, count);
  const last = parts[count - 1];
  // The newest touch is the one whose campaign is left in the body.
  const touch = parts.flatMap(part => part.touch ?? []).at(-1);
  // Sorts in the place of the last one, and is no other entry's: what is sent again ends in a plus.
  return last && count > 1 ? [{ ...last, id: `${last.id}*`, body, touch }, parts] : undefined;
}

/** Makes the sync of the items with the store: they become what the store says, and what gone pages left is claimed. */
export function createSync(
  {
    entries: store,
    records,
    isDenied,
    page: { now },
    maxEntries,
  }: Pick<DeliveryDependencies, 'entries' | 'records' | 'isDenied' | 'page' | 'maxEntries'>,
  ownership: EntryOwnership,
  { isSuperseded, toResend }: Superseded,
  items: Items,
  { adopt, put, remove, onEvict }: Changes,
): () => Promise<void> {
  /** Claims those of the entries that this page may have, or has to send again in the right order. */
  const claim = async (entries: Entry[]) => {
    ownership.acquire();
    const free = await ownership.findOrphans(entries);
    const owner = ownership.current();
    // The own ones too: it may be long since this page last looked.
    const wanted = entries.filter(
      entry => entry.owner === owner.owner || free.includes(entry) || isSuperseded(entry),
    );
    const claimed = await store.claim(wanted, owner);
    // Another page was faster: that one is to be watched, too.
    if (claimed.length < wanted.length) await ownership.findOrphans(await store.all());
    return claimed;
  };
  /** Merges a profile's oldest items into one, so that a long outage does not fill the outbox. */
  const compact = (profile: string) => {
    const [entry, parts = []] = toCompact(items.of(profile)) ?? [];
    if (!entry) return;
    const item = put(entry);
    const ids = items.forget(parts);
    void item.persisted.then(() => {
      if (item.isPersisted) void store.remove(ids);
    });
  };
  return async () => {
    const before = items.all().filter(({ isPersisted }) => isPersisted);
    items.read(await store.all());
    // What other pages left of a visitor who is identified by now.
    remove([]);
    const unsafe = items.all().filter(({ isPersisted }) => isPersisted === false);
    for (const [entry, reason] of findEvictions([...items.stored(), ...unsafe], now(), maxEntries))
      onEvict(find(items.all(), entry) ?? adopt(entry), reason);
    const stored = items.stored();
    const isCrowded = stored.length > MAX_ENTRIES / 2;
    const own = stored[0] ? await claim(stored) : [];
    items.retain(item => item.isInFlight || !before.includes(item) || find(own, item));
    const added = own.filter(entry => items.isOpen(entry) && !find(items.all(), entry));
    for (const entry of added) adopt(entry);
    if (isCrowded) for (const { profile } of items.all()) compact(profile);
    for (const entry of toResend(added)) put(entry);
    const isEmpty = !stored[0] && !items.all()[0];
    if (isEmpty && store.isComplete?.() !== false && !isDenied()) records.markEmpty();
  };
}
