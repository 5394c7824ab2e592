import type { Page } from '../browser/page.ts';
import type { Client } from '../client/client.ts';
import type { Dependencies } from '../client/runtime.ts';
import { createSentUpdates } from '../identity/sent-updates.ts';
import type { RecordStore } from '../storage/record-store.ts';
import { createBatching } from './actions.ts';
import { withoutDisabled } from './campaign-filters.ts';
import { createCompanies, isCompany } from './companies.ts';
import { type Arrival, createCrossDomain, takeArrival } from './cross-domain/cross-domain.ts';
import type { Left } from './moesif/import-visitor.ts';
import type { FullSettings } from './options.ts';
import { visitorStore } from './visitor-store.ts';

/** Dependencies of an instance, besides those of any client. */
export interface FullDependencies extends Dependencies {
  /** Reads what moesif-browser-js left, by the end of its name. Undefined where it is not to be imported. */
  left?: Left | undefined;
  /** Removes that from the device. */
  wipeLeft?: (() => void) | undefined;
}

export interface Parts {
  store: RecordStore;
  companies: ReturnType<typeof createCompanies>;
  sessions: ReturnType<typeof createSentUpdates>;
  batching: ReturnType<typeof createBatching>;
  decorateUrl: (url: string) => string;
  wipeLeft: () => void;
  /** The settings and dependencies that the client is begun with. */
  settings: FullSettings;
  dependencies: Dependencies;
}

/** Makes the parts of an instance that its client does not have, and the dependencies of that client. */
export function createParts(
  given: FullSettings,
  dependencies: FullDependencies,
  { getAnonymousId }: Pick<Client, 'getAnonymousId'>,
): Parts {
  const { now } = dependencies.page;
  const { crossDomain } = given;
  const disabled = withoutDisabled(dependencies.page, given);
  const isKept = given.persistence !== 'none';
  let arrival: Arrival | undefined;
  const page: Page = {
    ...disabled,
    visit() {
      // Before the address is read: the token is taken out of it. Where nothing is kept, each use of it is the first.
      if (crossDomain) arrival ??= takeArrival(crossDomain, now, isKept ? undefined : () => true);
      return disabled.visit();
    },
  };
  const store = visitorStore(dependencies.records, page, { left: dependencies.left, arrival: () => arrival });
  const companies = createCompanies(store, now, given);
  const sessions = createSentUpdates(store, 'session', now);
  const batching = createBatching(page, given);
  const settings: FullSettings = {
    ...given,
    onDelivery(receipt, entry) {
      const { body } = entry;
      const { user_id, session_token, action_name } = body;
      // Not where consent has been withdrawn meanwhile: nothing may be written then.
      if (receipt.status === 'delivered' && getAnonymousId() !== undefined) {
        if (isCompany(body)) companies.markDelivered(body);
        else if (user_id && session_token && !action_name) sessions.markDelivered({ user_id, session_token });
      }
      given.onDelivery(receipt, entry);
    },
  };
  const crossing =
    crossDomain &&
    createCrossDomain(crossDomain, {
      anonymousId: getAnonymousId,
      now,
      signal: new AbortController().signal,
    });
  return {
    store,
    companies,
    sessions,
    batching,
    settings,
    decorateUrl: crossing?.decorateUrl ?? (url => url),
    wipeLeft: dependencies.wipeLeft ?? (() => {}),
    dependencies: {
      ...dependencies,
      page,
      records: store,
      toBatch: batching.toBatch,
      maxEntries: given.maxQueueSize,
      isMemoryOnly: !isKept,
    },
  };
}
