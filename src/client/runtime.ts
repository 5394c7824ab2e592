import type { Visit } from '../campaign/rules.ts';
import { eraseVisitor } from '../consent/erase.ts';
import { createDispatcher, type Dispatcher } from '../delivery/dispatcher.ts';
import { moesifRequest } from '../delivery/requests/moesif.ts';
import { relayRequest } from '../delivery/requests/relay.ts';
import { RENEWABLE } from '../identity/records.ts';
import { createVisitor, type Visitor } from '../identity/visitor.ts';
import type { Settings } from '../options/options.ts';
import { copyOf } from '../shared/json.ts';
import { dropped } from '../shared/receipt.ts';
import { tryOrUndefined } from '../shared/try-or-undefined.ts';
import type { DeliveryEntry, Entry, Json, Receipt } from '../shared/types.ts';
import { readDebug } from './debug.ts';
import type { Context, Runtime, Wire } from './dependencies.ts';
import type { FeatureParts } from './feature.ts';
import { captureVisits } from './visit-capture.ts';

/** Makes the function that tells the site's `onDelivery` of a receipt. */
const createReceiptListener =
  (settings: Settings) =>
  (receipt: Receipt, { id, body, at }: Entry) => {
    // A copy: what the host site does with it must not reach the outbox.
    const copy = copyOf<[Receipt, DeliveryEntry]>([receipt, { id, body, at }]);
    tryOrUndefined(() => settings.onDelivery(...copy));
  };

type Steps<S extends Settings> = Pick<FeatureParts<S>, 'toVisit' | 'toTouches' | 'toBatch' | 'onDelivered'>;

/** Makes the dispatcher, which sends to the relay or to the API. The context has the way there, too. */
function createDelivery<S extends Settings>(
  context: Context<S> & Wire,
  visitor: Visitor,
  isDenied: () => boolean,
  report: (message: string) => void,
  signal: AbortSignal,
  { toBatch, onDelivered }: Steps<S>,
): Dispatcher {
  const { settings, transport, page, records, entries } = context;
  // Absolute: a page's base element must not lead it elsewhere.
  const relay = settings.relay && `${new URL(settings.relay, page.url())}`;
  const toRequest = (body: Json, path = 'users') =>
    relay ? relayRequest(relay, body, path, page.now()) : moesifRequest(settings, body, path);
  context.send = async (body, path, isBulk) => {
    const restore = relay && records.protect(RENEWABLE);
    const outcome = await transport.send(toRequest(body, path), isBulk);
    // A relay that renews cookies has brought back with its answer what was replaced or erased meanwhile.
    if (restore) isDenied() ? eraseVisitor(records, entries) : restore();
    return outcome;
  };
  context.sendOnExit = (body, path) => transport.sendOnExit(toRequest(body, path));
  return createDispatcher({
    ...context,
    toBatch,
    isDenied,
    isIdentified: visitor.isIdentified,
    onDelivered(entries) {
      if (isDenied()) return;
      visitor.markDelivered(entries);
      onDelivered?.(entries, context);
    },
    onReceipt: createReceiptListener(settings),
    timeout: settings.timeout,
    report,
    signal,
  });
}

/**
 * Sets a client to work, on a page that was arrived at by `landing`. `isDenied` checks whether the visitor has withdrawn
 * their consent, in this tab or another.
 */
export function createRuntime<S extends Settings>(
  context: Context<S>,
  landing: Visit,
  isDenied: () => boolean,
  steps: Steps<S>,
): Runtime<S> {
  const { settings, page, records } = context;
  const end = new AbortController();
  const { signal } = end;
  context.debug = readDebug(context, landing);
  const isTelling = settings.debug || context.debug === '1';
  const report = (message: string) => {
    if (isTelling) console.info(`utmost: ${message}`);
  };
  const visitor = createVisitor(records, page, settings, steps.toTouches);
  const dispatcher = createDelivery(context as Context<S> & Wire, visitor, isDenied, report, signal, steps);
  const announce = () => {
    const entry = visitor.toAnonymousUpdate();
    if (entry) void dispatcher.submit(entry);
  };
  const decisions = captureVisits(context, landing, {
    visitor,
    toVisit: steps.toVisit,
    isDenied,
    onVisit({ outcome, rule, reason }) {
      report(`visit: ${outcome} (${rule}: ${reason})`);
      // After the task: an identify that follows at once says it all.
      if (visitor.hasNews()) page.setTimer(announce, 0);
    },
    signal,
  });
  return Object.assign(context as Context<S> & Wire, {
    visitor,
    dispatcher,
    report,
    explain() {
      if (isTelling) console.table(decisions);
      return [...decisions];
    },
    stop() {
      end.abort();
      dispatcher.stop(dropped('consent-denied'));
    },
    hide(isLeaving: boolean) {
      // A page left before its next task tells it on the way out.
      announce();
      dispatcher.hide(isLeaving);
    },
  });
}
