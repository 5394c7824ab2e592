import { onLeaving, onUrlChange } from '../browser/navigation.ts';
import type { Page } from '../browser/page.ts';
import type { Decision } from '../campaign/attribution.ts';
import { readParameters } from '../campaign/parameters.ts';
import { isWithin, readAddress } from '../campaign/referrer.ts';
import type { Visit } from '../campaign/rules.ts';
import { createDispatcher } from '../delivery/dispatcher.ts';
import type { ToBatch } from '../delivery/merge.ts';
import { moesifRequest } from '../delivery/requests/moesif.ts';
import { relayRequest } from '../delivery/requests/relay.ts';
import type { Transport } from '../delivery/transport.ts';
import { createVisitor } from '../identity/visitor.ts';
import type { Settings } from '../options/options.ts';
import { copyOf } from '../shared/json.ts';
import { dropped } from '../shared/receipt.ts';
import { tryOrUndefined } from '../shared/try-or-undefined.ts';
import type { DeliveryEntry, Json, Receipt } from '../shared/types.ts';
import { isDebugged } from '../storage/debug.ts';
import { forgetDepartedHost, loadDepartedHost, saveDepartedHost } from '../storage/departed-host.ts';
import type { EntryStore } from '../storage/entry-store.ts';
import type { RecordStore } from '../storage/record-store.ts';
import type { RetryAfterStore } from '../storage/retry-after.ts';

/** What a client works with, besides its settings. */
export interface Dependencies {
  page: Page;
  transport: Transport;
  records: RecordStore;
  entries: EntryStore;
  retryAfter: RetryAfterStore;
  /** How entries become requests, and how many may wait. Default: merged by profile, 200. */
  toBatch?: ToBatch;
  maxEntries?: number;
  /** Whether nothing at all may be kept on the device. */
  isMemoryOnly?: boolean;
}

export type Runtime = ReturnType<typeof createRuntime>;

/** Decisions that `explain` tells. */
const KEPT_DECISIONS = 20;

/**
 * The parts at work, for a page that was arrived at by `landing`. `isDenied`: whether the visitor has withdrawn their
 * consent, in this tab or another.
 */
export function createRuntime(
  settings: Settings,
  dependencies: Dependencies,
  landing: Visit,
  isDenied: () => boolean,
) {
  const { page, transport, records, entries } = dependencies;
  const end = new AbortController();
  const { signal } = end;
  const isTelling = settings.debug || isDebugged(landing.url, dependencies.isMemoryOnly);
  const report = (message: string) => {
    if (isTelling) console.info(`utmost: ${message}`);
  };
  const { url, now, setTimer } = page;
  // Absolute: a page's base element must not lead it elsewhere.
  const relay = settings.relay && `${new URL(settings.relay, url())}`;
  const request = (body: Json, path = 'users') =>
    relay ? relayRequest(relay, body, path, now()) : moesifRequest(settings, body, path);
  const visitor = createVisitor(records, page, settings);
  let decisions: Decision[] = [];
  const dispatcher = createDispatcher({
    ...dependencies,
    entries,
    send: (body, path) => transport.send(request(body, path)),
    sendOnExit: (body, path) => transport.sendOnExit(request(body, path)),
    isDenied,
    onDelivered: entries => isDenied() || visitor.markDelivered(entries),
    // A copy: what the host site does with it must not reach the outbox.
    onReceipt: (receipt, { id, body, at }) => {
      const copy = copyOf<[Receipt, DeliveryEntry]>([receipt, { id, body, at }]);
      tryOrUndefined(() => settings.onDelivery(...copy));
    },
    timeout: settings.timeout,
    report,
    signal,
  });
  /** The campaign parameters of the latest visit that had any. */
  let lastCampaignKey = '';
  const announce = () => {
    const entry = visitor.toAnonymousUpdate();
    if (entry) void dispatcher.submit(entry);
  };
  const recordVisit = (visit: Visit) => {
    const { decision, campaignKey } = visitor.recordVisit(visit);
    lastCampaignKey = campaignKey || lastCampaignKey;
    decisions = [...decisions, decision].slice(-KEPT_DECISIONS);
    report(`visit: ${decision.outcome} (${decision.rule}: ${decision.reason})`);
    // After the task: an identify that follows at once says it all.
    setTimer(announce, 0);
  };
  const departedTo = loadDepartedHost(landing.at - settings.sessionTimeout * 60_000);
  landing.departedTo = departedTo;
  recordVisit(landing);
  // An own address it was sent to has become a page view, or was none: either way it explains no later one.
  if (departedTo && isWithin(departedTo, records.site())) forgetDepartedHost();
  onLeaving(target => {
    const host = readAddress(target)?.fields.referring_domain;
    if (host && !dependencies.isMemoryOnly) saveDepartedHost(host, now());
  }, signal);
  const checkUrl = () => {
    const { campaignKey } = readParameters(url());
    // A router that keeps the query from view to view makes no new touch of it. The page before is one of the site; the
    // document's referrer does not count twice.
    if (campaignKey && campaignKey !== lastCampaignKey && !isDenied())
      recordVisit({ url: url(), referrer: url(), at: now() });
  };
  onUrlChange(checkUrl, signal);
  // What has happened since the landing, while the visitor was asked for consent.
  checkUrl();
  const explain = () => {
    if (isTelling) console.table(decisions);
    return [...decisions];
  };
  const stop = () => {
    end.abort();
    dispatcher.stop(dropped('consent-denied'));
  };
  const hide = (isLeaving: boolean) => {
    // A page left before its next task tells it on the way out.
    announce();
    dispatcher.hide(isLeaving);
  };
  return { visitor, dispatcher, report, explain, stop, hide };
}
