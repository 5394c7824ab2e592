import type { Consent } from '../consent/consent.ts';
import { readUserCall, withWarning } from '../identity/calls.ts';
import type { User } from '../shared/types.ts';
import type { Client } from './client.ts';
import type { Kernel } from './feature.ts';

/**
 * Time for which a page's first `null` may only mean that its session is loading, in milliseconds. Meanwhile the page
 * may be left, or another tab say who the user is: a reset would then stand.
 */
const LOADING = 3000;

/**
 * Makes the methods that every client has. `onIdentify` hears of each user, in the task of a call that is not dropped.
 */
export function createCoreMethods(
  { page, whenReady, running, toReceipt, toMetadata }: Omit<Kernel, 'client' | 'context'>,
  setConsent: (choice: Consent) => void,
  onIdentify: (userId: string) => void,
): Client {
  /** Whom the page has named last. Null twice is no news, and may be older than what another tab has heard. */
  let latest: string | null | undefined;
  const client: Client = {
    async identifyUser(userId, metadata, options) {
      const at = page.now();
      let warning = '';
      const receipt = await toReceipt(() => {
        const [id, fields] = readUserCall(userId, metadata, options, toMetadata, told => {
          warning = told;
        });
        latest = id;
        onIdentify(id);
        return ({ visitor, dispatcher, report }) => {
          const entry = visitor.toUserUpdate(id, fields, at);
          if (visitor.hasChanged(entry)) return dispatcher.submit(entry);
          report(`unchanged: update of ${id}`);
          return { status: 'unchanged' };
        };
      });
      return withWarning(receipt, warning);
    },
    async setUser(user) {
      if (user != null)
        try {
          const { id, companyId: _, sessionToken: __, ...metadata } = user as User;
          return client.identifyUser(id, metadata, user);
        } catch (error) {
          return toReceipt(() => {
            throw error;
          });
        }
      if (user === null && latest !== null) {
        const isLogout = latest;
        latest = null;
        const forget = () =>
          whenReady(({ visitor }) => latest || (visitor.identity().userId && client.reset()));
        void (isLogout ? forget() : page.setTimer(forget, LOADING));
      }
      return { status: 'unchanged', reason: 'no-user' };
    },
    reset: () => void whenReady(({ visitor }) => visitor.reset()),
    setConsent: choice => setConsent(choice === 'granted' ? choice : 'denied'),
    flush: () => whenReady(({ dispatcher }) => dispatcher.flushAll()),
    getCampaign: () => running()?.visitor.campaign(),
    getTouches: () => running()?.visitor.touches(),
    getAnonymousId: () => running()?.visitor.identity().anonymousId,
    explain: () => running()?.explain() ?? [],
  };
  return client;
}
