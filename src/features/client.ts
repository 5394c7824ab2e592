import { isBrowser, type Page } from '../browser/page.ts';
import { type Calls, createClient, MAX_TOKEN, NOBODYS } from '../client/create-client.ts';
import { normalizeId } from '../identity/ids.ts';
import { toIdentity } from '../identity/records.ts';
import { dropped } from '../shared/receipt.ts';
import { tryOrUndefined } from '../shared/try-or-undefined.ts';
import type { Identity, Receipt, UserMetadata } from '../shared/types.ts';
import type { RecordStore } from '../storage/cookie-store.ts';
import { actionEntry } from './actions.ts';
import { takeParameter } from './cross-domain/url.ts';
import type { FullClient, RetiredMethods } from './full-client.ts';
import { retiredMethods } from './moesif/unsupported-methods.ts';
import type { FullSettings } from './options.ts';
import { createParts, type FullDependencies, type Parts } from './parts.ts';
import { createSession } from './sessions.ts';

type InstancePage = Pick<Page, 'now' | 'uuid' | 'url'>;
type Whole = Omit<FullClient, 'init'>;

/** Makes the calls of an instance, whose `parts` are there once it is begun. */
function fullCalls(
  { core, whenReady, toReceipt, toMetadata }: Calls,
  { now, uuid, url }: InstancePage,
  userAgent: () => string,
  parts: () => Parts | undefined,
): Whole {
  const session = createSession();
  /** Returns the parts, while they may be used. */
  const running = () => (core.getAnonymousId() === undefined ? undefined : parts());
  const identity = (store: RecordStore) => toIdentity(store.load('id')) as Identity;
  const known = () => {
    const found = running();
    return found && identity(found.store);
  };

  const clear = (where: string) => {
    const erase = () => {
      const { store, settings, wipeLeft } = parts() as Parts;
      if (settings.persistence === where) store.remove('id', 'campaign');
      if (where === 'localStorage') store.remove('away');
      wipeLeft();
    };
    // Without consent, too: less is stored then, not more.
    if (parts()) erase();
    else void whenReady(erase);
  };

  const client: Omit<FullClient, 'init' | keyof RetiredMethods> = {
    ...core,
    identifyUser(userId, metadata, options) {
      const id = normalizeId(userId);
      const { companyId, sessionToken: given } = options ?? {};
      // A call that will be dropped identifies nobody.
      const isSound = tryOrUndefined(() => {
        toMetadata(
          metadata as UserMetadata,
          id,
          normalizeId(companyId),
          normalizeId(given ?? session.tokenOf(id)),
        );
        return true;
      });
      if (id && isSound) session.identify(id);
      const sessionToken = given ?? session.token();
      return core.identifyUser(userId, metadata as UserMetadata, { ...options, sessionToken });
    },
    identifyCompany(companyId, metadata, companyDomain) {
      const at = now();
      return toReceipt(() => {
        const id = normalizeId(companyId);
        if (!id) throw dropped('invalid-company-id', `the company id ${NOBODYS}`);
        const session_token = session.token();
        const company_domain = normalizeId(companyDomain);
        const said = {
          company_domain,
          session_token,
          metadata: toMetadata(metadata as UserMetadata, id, company_domain, session_token),
        };
        return ({ visitor, dispatcher, report }) => {
          const { store, companies } = parts() as Parts;
          visitor.identity();
          const before = identity(store);
          const entry = companies.toCompanyUpdate(id, at, said);
          const hasChanged = companies.hasChanged(entry.body);
          const receipt: Receipt | Promise<Receipt> = hasChanged
            ? dispatcher.submit(entry)
            : { status: 'unchanged' };
          if (!hasChanged) report(`unchanged: update of ${entry.profile}`);
          if (before.companyId === id) return receipt;
          if (before.userId === undefined) store.save('id', { ...before, companyId: id });
          else
            void dispatcher.submit(
              visitor.toUserUpdate(before.userId, { company_id: id, session_token }, at),
            );
          return receipt;
        };
      });
    },
    identifySession(sessionToken) {
      const token = normalizeId(sessionToken, MAX_TOKEN);
      if (!token) return console.warn('utmost:', 'the session token is invalid; pass another');
      session.tell(token);
      const at = now();
      const userId = session.user();
      if (userId === undefined) return;
      void toReceipt(() => ({ visitor, dispatcher }) => {
        const hasChanged = (parts() as Parts).sessions.hasChanged({ user_id: userId, session_token: token });
        return hasChanged
          ? dispatcher.submit(visitor.toUserUpdate(userId, { session_token: token }, at))
          : { status: 'unchanged' };
      });
    },
    track(actionName, metadata) {
      const at = now();
      return toReceipt(() => {
        if (typeof actionName !== 'string' || !actionName.trim())
          throw dropped('invalid-action-name', 'the action name is empty; pass a text');
        const sessionToken = session.token();
        const happened = {
          name: actionName,
          at,
          url: isBrowser() ? url() : '',
          userAgent: userAgent(),
          transactionId: uuid(),
          sessionToken,
          metadata: toMetadata(metadata as UserMetadata, actionName, sessionToken),
        };
        return ({ visitor, dispatcher }) => {
          const { store, settings, batching } = parts() as Parts;
          visitor.identity();
          const address = settings.crossDomain
            ? takeParameter(happened.url, settings.crossDomain.parameter).url
            : happened.url;
          const entry = actionEntry({ ...happened, url: address }, identity(store), settings);
          const submit = () => dispatcher.submit(entry);
          return batching.add(at, submit, () => void dispatcher.dispatch(entry.profile));
        };
      });
    },
    reset() {
      session.forget();
      void whenReady(({ visitor }) => {
        if (visitor.reset()) parts()?.store.remove('company', 'session');
      });
    },
    flush: () => parts()?.batching.flush(core.flush) ?? core.flush(),
    resetAnonymousId() {
      const anonymousId = uuid();
      void whenReady(({ visitor }) => {
        visitor.identity();
        const { store } = parts() as Parts;
        store.save('id', { ...identity(store), anonymousId });
      });
      return anonymousId;
    },
    clearCookies: () => clear('cookie'),
    clearStorage: () => clear('localStorage'),
    getSession: session.token,
    getUserId: () => known()?.userId,
    getCompanyId: () => known()?.companyId,
    _getSession: session.token,
    _getUserId: () => known()?.userId,
    _getCompanyId: () => known()?.companyId,
    grantPublishingConsent: () => core.setConsent('granted'),
    revokePublishingConsent: () => core.setConsent('denied'),
    isPublishingConsentGranted: () => !!running(),
    decorateUrl: address => parts()?.decorateUrl(address) ?? address,
    cdtUrlDecorator: address => parts()?.decorateUrl(address) ?? address,
  };
  return { ...client, ...retiredMethods(client) };
}

/** Makes an instance that keeps its calls until it is begun. */
export function createFullClient(page: InstancePage, userAgent: () => string) {
  let parts: Parts | undefined;
  const { client, begin, isBegun } = createClient(page.now, calls =>
    fullCalls(calls, page, userAgent, () => parts),
  );
  return {
    client,
    isBegun,
    begin(settings: FullSettings, dependencies: FullDependencies) {
      parts = createParts(settings, dependencies, client);
      begin(parts.settings, parts.dependencies);
    },
  };
}
