import type { Page } from '../browser/page.ts';
import type { Identity } from '../shared/types.ts';
import { forgetDepartedHost } from '../storage/departed-host.ts';
import type { RecordStore } from '../storage/record-store.ts';
import type { Arrival } from './cross-domain/cross-domain.ts';
import { forgetTokens } from './cross-domain/used-tokens.ts';
import { adopting, type Left } from './moesif/import-visitor.ts';

/** Records besides those of `utmost`, which are removed with the visitor's. */
const RECORDS = ['company', 'session'];

/** Origins of a visitor, besides our own records. */
export interface Origins {
  left?: Left | undefined;
  arrival(): Arrival | undefined;
}

/** Makes a store in which a visitor known to another site of ours or to moesif-browser-js is found. */
export function visitorStore(
  own: RecordStore,
  page: Pick<Page, 'now' | 'uuid'>,
  { left, arrival }: Origins,
): RecordStore {
  const store = left ? adopting(own, left, page) : own;
  let isArrived = false;
  return {
    ...store,
    load(name) {
      const record = store.load(name);
      const arrived = name === 'id' && !isArrived && arrival();
      if (!arrived) return record;
      isArrived = true;
      const before = (record as unknown as Identity | undefined) ?? { anonymousId: page.uuid() };
      const after = arrived.adopt(before);
      store.save(name, after);
      return { ...after };
    },
    remove(...names) {
      store.remove(...names, ...(names.includes('id') ? RECORDS : []));
      // Keys that all instances of a page share have no instance's prefix.
      if (names.includes('away')) forgetDepartedHost();
      if (names.includes('arrived')) forgetTokens();
    },
  };
}
