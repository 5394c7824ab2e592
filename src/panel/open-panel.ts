import { isBrowser } from '../browser/page.ts';
import { forgetDebug } from '../client/debug.ts';
import { firstClient, KEY } from '../client/one-client.ts';
import { runChecks } from './checks/checks.ts';
import type { Facts, Network } from './facts.ts';
import { createGatherer } from './gather.ts';
import { toSections } from './report.ts';
import { toSupportText } from './support.ts';
import { createView, type View } from './view.ts';

export interface PanelOptions {
  /**
   * An address whose JSON has the latest `version`, such as a registry's or your own. Nothing is asked without it.
   * Default: that of `<meta name="utmost-latest" content="…">`, else none.
   */
  latestFrom?: string | undefined;
}

let given: PanelOptions = {};
let gatherer: ReturnType<typeof createGatherer> | undefined;
/** The panel while it is open. */
let view: View | undefined;
/** What had the focus before. */
let before: Element | null = null;
let network: Network = { upstream: 'unasked' };
/** What was shown last. */
let facts: Facts | undefined;

const latestFrom = () =>
  given.latestFrom ?? document.querySelector<HTMLMetaElement>('meta[name=utmost-latest]')?.content ?? '';

async function refresh(): Promise<void> {
  if (!view) return;
  facts = await gatherer?.gather(network);
  if (facts) view?.show(facts, runChecks(facts), toSections(facts));
}

/** Shows an answer at once, and again when the update it confirms has left the outbox. */
function refreshSoon(): void {
  void refresh();
  setTimeout(refresh, 500);
}

/** Reads everything anew, first what needs no network. */
async function checkAgain(): Promise<void> {
  view?.tell('Checking…');
  await refresh();
  if (facts) network = (await gatherer?.askNetwork(facts.consent)) ?? network;
  // The browser tells of a refusal after the request has failed.
  await new Promise(resolve => setTimeout(resolve, 50));
  await refresh();
  view?.tell(`Checked at ${new Date().toLocaleTimeString()}`);
}

async function copy(): Promise<void> {
  if (!facts) return;
  const text = toSupportText(facts, runChecks(facts), toSections(facts));
  try {
    await navigator.clipboard.writeText(text);
    view?.tell('Copied, without personal data');
  } catch {
    view?.offer(text);
    view?.tell('Copy the text below');
  }
}

/** Closes the panel. It does not come back on the session's next page. */
function close(): void {
  view?.remove();
  view = undefined;
  forgetDebug(firstClient()?.[KEY]());
  if (before instanceof HTMLElement && before.isConnected) before.focus();
}

/**
 * Opens the panel, which shows what utmost knows on this page, and checks its set-up. Escape closes it. An open one
 * takes the focus. It asks the network once: the collector or relay, and this page's server for the time. No request
 * carries anything of the visitor. On a server it does nothing.
 *
 * @param options Where to ask for the latest version. Default: nowhere.
 */
export function openPanel(options: PanelOptions = {}): void {
  if (!isBrowser()) return;
  given = { ...given, ...options };
  if (!view) {
    before = document.activeElement;
    gatherer ??= createGatherer(refreshSoon, latestFrom);
    view = createView({ close, checkAgain: () => void checkAgain(), copy: () => void copy() });
    void checkAgain();
  }
  view.focus();
}
