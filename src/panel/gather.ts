import { userAgent } from '../browser/user-agent.ts';
import type { Client } from '../client/client.ts';
import type { Context } from '../client/dependencies.ts';
import { firstClient, KEY, type Startable } from '../client/one-client.ts';
import { type Consent, toConsent } from '../consent/consent.ts';
import { toSdk } from '../delivery/requests/moesif.ts';
import { toAttribution, toIdentity, toNumber } from '../identity/records.ts';
import { loadTouches, STATE } from '../identity/touches.ts';
import { listenToAnswers } from './answers.ts';
import type { Answer, Facts, Network, PanelSettings } from './facts.ts';
import { askNetwork } from './network.ts';
import {
  readBrowser,
  readEarlierRequests,
  readEmbedding,
  readGlobals,
  readStored,
  watchRefusals,
} from './page-facts.ts';

const PREFIX = 'utmost_';

/** Returns the absolute address of what updates are sent to; none before `init`. */
const endpointOf = (settings?: PanelSettings): string =>
  settings ? (settings.relay ? `${new URL(settings.relay, location.href)}` : settings.host) : '';

/** Returns what the visitor allows. A client at work knows; before that it is what the client will read. */
function consentOf(client: Client, { settings, records, page }: Context): Consent {
  if (client.getAnonymousId() !== undefined) return 'granted';
  const isRefused = settings.respectGpc && page.hasGlobalPrivacyControl();
  return isRefused ? 'denied' : toConsent(records.load('consent'), settings.consent);
}

/** Reads what waits, without creating the place where it would. */
const readWaiting = async ({ records, entries, isMemoryOnly }: Context): Promise<Facts['waiting']> =>
  !isMemoryOnly && records.isOutboxEmpty() ? [] : entries.all().catch(() => []);

/** Reads what a begun client knows. Under another choice than `granted` it is not asked for anything. */
async function readClient(client: Client, context: Context) {
  const consent = consentOf(client, context);
  const { records, retryAfter, page } = context;
  const isGranted = consent === 'granted';
  return {
    consent,
    hasGlobalPrivacyControl: page.hasGlobalPrivacyControl(),
    ...toIdentity(isGranted ? records.load('id') : undefined),
    confirmedAt: (isGranted && toNumber(records.load(STATE)?.confirmed)) || undefined,
    touches: isGranted ? loadTouches(records) : toAttribution(),
    decisions: client.explain(),
    waiting: isGranted ? await readWaiting(context) : [],
    pausedUntil: retryAfter.load(),
    embedding: readEmbedding(isGranted ? records.site() : page.url().split('/')[2] || ''),
  };
}

const NOTHING = {
  consent: 'pending',
  hasGlobalPrivacyControl: false,
  touches: toAttribution(),
  decisions: [],
  waiting: [],
  pausedUntil: 0,
} as const;

/**
 * Begins to gather facts of this page. `onAnswer` hears of each answer to an update. `latestFrom` is an address that
 * tells the latest version; an empty one is not asked.
 */
export function createGatherer(onAnswer: () => void, latestFrom: () => string) {
  let answers: Answer[] | undefined;
  let listeningSince = 0;
  const serving = () => firstClient() as (Startable & Client) | undefined;
  const begun = (): Context | undefined => serving()?.[KEY]();
  const refusals = watchRefusals(() => endpointOf(begun()?.settings));
  const listen = () => {
    const settings = begun()?.settings;
    if (!settings || answers) return;
    listeningSince = Date.now();
    answers = listenToAnswers(settings, () => Date.now(), onAnswer);
  };
  listen();
  return {
    /** Asks the network anew. */
    askNetwork(consent: Consent): Promise<Network> {
      const settings = begun()?.settings;
      return askNetwork({
        endpoint: consent === 'granted' ? endpointOf(settings) : '',
        isRelay: !!settings?.relay,
        page: /^http/.test(location.origin) ? location.origin + location.pathname : '',
        latestFrom: latestFrom(),
      });
    },
    /** Reads everything else. */
    async gather(network: Network): Promise<Facts> {
      listen();
      const client = serving();
      const context = begun();
      const settings: PanelSettings | undefined = context?.settings;
      const prefix = settings?.persistenceKeyPrefix ?? PREFIX;
      const earlier = settings ? readEarlierRequests(endpointOf(settings), listeningSince) : [];
      return {
        now: Date.now(),
        host: location.host,
        isSecure: isSecureContext,
        browser: readBrowser(userAgent()),
        version: toSdk().split('/')[1] ?? '',
        scriptVersion: readGlobals().flatMap(({ version }) =>
          typeof version === 'string' ? version : [],
        )[0],
        latestFrom: latestFrom(),
        hasClient: !!client,
        hasSecondCopy: !!client?.[KEY].isShared,
        settings,
        embedding: readEmbedding(location.hostname),
        ...(client && context ? await readClient(client, context) : NOTHING),
        stored: await readStored(prefix, prefix === PREFIX ? 'utmost' : `utmost ${prefix}`),
        answers: [...(answers ?? []), ...earlier],
        refusals,
        network,
      };
    },
  };
}
