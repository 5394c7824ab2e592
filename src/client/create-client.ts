import { isBrowser, setTimer } from '../browser/page.ts';
import type { Visit } from '../campaign/rules.ts';
import { type Consent, createConsent } from '../consent/consent.ts';
import { eraseVisitor } from '../consent/erase.ts';
import { MAX_ID, normalizeId } from '../identity/ids.ts';
import { toJson } from '../identity/metadata.ts';
import type { UserFields } from '../identity/visitor.ts';
import { DEFAULTS, type Settings } from '../options/options.ts';
import { byteLength } from '../shared/byte-length.ts';
import { toText } from '../shared/json.ts';
import { dropped, queued } from '../shared/receipt.ts';
import type { JsonObject, Receipt, UserMetadata } from '../shared/types.ts';
import type { Client } from './client.ts';
import { remindOfInit } from './remind.ts';
import { createRuntime, type Dependencies, type Runtime } from './runtime.ts';

/** Most bytes one call may bring: 1 MB, less than a request may hold by the room for ids and campaign. */
const MAX_CALL = 1_000_000;

/** Longest session token, in UTF-16 code units: more than a browser sends in a header. */
export const MAX_TOKEN = 16_384;

/** The sentence about an id that names nobody. */
export const NOBODYS = `is nobody's: pass the id of your own database, at most ${MAX_ID} characters`;

type Dropped = ReturnType<typeof dropped>;

/** The parts that further calls are made of: the core's client, and how it waits, answers and reads metadata. */
export interface Calls {
  core: Client;
  whenReady: <T>(use: (running: Runtime) => T | Promise<T>) => Promise<T | undefined>;
  toReceipt: (prepare: () => (running: Runtime) => Receipt | Promise<Receipt>) => Promise<Receipt>;
  toMetadata: (metadata: UserMetadata | null | undefined, ...others: unknown[]) => JsonObject | undefined;
}

/** Makes a client that keeps its calls until it is begun. `extend` makes one of it that has more methods. */
export function createClient<Whole extends Client = Client>(
  now: () => number,
  extend?: (calls: Calls) => Whole,
) {
  /**
   * Reads what the visitor allows, and makes the calls that wait. Returns the runtime, which it makes when it is first
   * needed; undefined without consent.
   */
  let applyConsent: (() => Runtime | undefined) | undefined;
  let consent: Consent | undefined;
  let requestedConsent: Consent | undefined;
  /** Calls that wait for the runtime. Called without one, each is answered and waits on. */
  const waitingCalls: ((running?: Runtime) => void)[] = [];
  /**
   * Runs now or once tracking may start. Resolves with undefined if it never may (no page, consent denied), and if that
   * takes long: the visitor is being asked, or nobody calls `init`.
   */
  const whenReady: Calls['whenReady'] = use =>
    new Promise(resolve => {
      const run = (ready?: Runtime) => resolve(ready && use(ready));
      if (!isBrowser()) return run();
      waitingCalls.push(run);
      applyConsent?.();
      if (!consent)
        setTimer(() => {
          if (!applyConsent) remindOfInit();
          run();
        }, DEFAULTS.timeout);
    });
  /** Makes a receipt of a call. What is wrong with it is thrown, said on the console, and answered `dropped`. */
  const toReceipt: Calls['toReceipt'] = async prepare => {
    try {
      const receipt = await whenReady(prepare());
      if (receipt) return receipt;
    } catch (error) {
      // What the host's own getters and toJSON throw may be anything.
      const { reason = 'invalid-metadata', message = `${error}` } = Object(error) as Partial<Dropped>;
      console.warn('utmost:', message);
      return dropped(reason, message);
    }
    if (!isBrowser()) return dropped('no-page');
    if (!consent) return queued('not-started', 'init was not called');
    return consent === 'denied' ? dropped('consent-denied') : queued('consent-pending');
  };
  /** Makes JSON of what a call says. Throws if it has none, or too much. */
  const toMetadata: Calls['toMetadata'] = (metadata, ...others) => {
    const json =
      metadata == null
        ? undefined
        : toJson(metadata, message => void whenReady(({ report }) => report(message)));
    if (byteLength(toText([others, json])) > MAX_CALL) throw dropped('too-large', 'the call is over 1 MB');
    return json;
  };

  const core: Client = {
    async identifyUser(userId, metadata, options) {
      const at = now();
      let warning = '';
      const receipt = await toReceipt(() => {
        const id = normalizeId(userId);
        if (!id) throw dropped('invalid-user-id', `the user id ${NOBODYS}`);
        const { companyId, sessionToken } = options ?? {};
        const company = normalizeId(companyId);
        if (companyId != null && !company) warning = `the company id ${NOBODYS}`;
        const token = normalizeId(sessionToken, MAX_TOKEN);
        if (sessionToken != null && !token) console.warn('utmost: the session token is none');
        const said: UserFields = {
          company_id: company,
          session_token: token,
          metadata: toMetadata(metadata, id, company, token),
        };
        return ({ visitor, dispatcher, report }) => {
          const entry = visitor.toUserUpdate(id, said, at);
          if (visitor.hasChanged(entry)) return dispatcher.submit(entry);
          report(`unchanged: update of ${id}`);
          return { status: 'unchanged' };
        };
      });
      if (!warning) return receipt;
      console.warn('utmost:', warning);
      const message = `${receipt.message ?? receipt.status}: ${warning}`;
      return { reason: 'invalid-company-id', ...receipt, message } as Receipt;
    },
    reset() {
      void whenReady(({ visitor }) => visitor.reset());
    },
    setConsent(choice) {
      requestedConsent = choice === 'granted' ? choice : 'denied';
      applyConsent?.();
    },
    async flush() {
      await whenReady(({ dispatcher }) => dispatcher.flushAll());
    },
    getCampaign: () => applyConsent?.()?.visitor.campaign(),
    getAnonymousId: () => applyConsent?.()?.visitor.identity().anonymousId,
    explain: () => applyConsent?.()?.explain() ?? [],
  };

  /**
   * Begins, once the page is shown. The work is done in the next task, so that the page's own comes first. The first call
   * or the page's end does it earlier.
   */
  const begin = (settings: Settings, dependencies: Dependencies) => {
    // Begun, though there may be nothing to see before the page is shown.
    applyConsent = () => undefined;
    const { page, records, entries } = dependencies;
    const initial = settings.respectGpc && page.hasGlobalPrivacyControl() ? 'denied' : settings.consent;
    const choice = createConsent(records, initial);
    const isDenied = () => choice.current() === 'denied';
    page.whenActivated(() => {
      let running: Runtime | undefined;
      let landing: Visit | undefined = page.visit();
      applyConsent = () => {
        // Looking for the domain first spares a second look at the cookies.
        if (initial === 'granted') records.site();
        if (requestedConsent) choice.choose(requestedConsent);
        requestedConsent = undefined;
        consent = choice.current();
        if (consent === 'denied' && landing) {
          running?.stop();
          running = landing = undefined;
          eraseVisitor(records, entries);
        } else if (consent === 'granted') {
          landing ??= page.visit();
          running ??= createRuntime(settings, dependencies, landing, isDenied);
        }
        for (const run of running || consent === 'denied' ? waitingCalls.splice(0) : waitingCalls)
          run(running);
        return running;
      };
      if (waitingCalls[0]) applyConsent();
      page.setTimer(applyConsent, 0);
      // One listener for all: between two of them the browser would tell this page that its requests have failed.
      page.onHide(isLeaving => applyConsent?.()?.hide(isLeaving));
    });
  };

  const client = extend ? extend({ core, whenReady, toReceipt, toMetadata }) : (core as Whole);
  return { client, begin, isBegun: () => !!applyConsent };
}
