import type { Consent } from '../consent/consent.ts';
import { readUserCall, withWarning } from '../identity/calls.ts';
import type { Client } from './client.ts';
import type { Kernel } from './feature.ts';

/**
 * Makes the methods that every client has. `onIdentify` hears of each user, in the task of a call that is not dropped.
 */
export function createCoreMethods(
  { page, whenReady, running, toReceipt, toMetadata }: Omit<Kernel, 'client' | 'context'>,
  setConsent: (choice: Consent) => void,
  onIdentify: (userId: string) => void,
): Client {
  return {
    async identifyUser(userId, metadata, options) {
      const at = page.now();
      let warning = '';
      const receipt = await toReceipt(() => {
        const [id, fields] = readUserCall(userId, metadata, options, toMetadata, told => {
          warning = told;
        });
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
    reset() {
      void whenReady(({ visitor }) => visitor.reset());
    },
    setConsent: choice => setConsent(choice === 'granted' ? choice : 'denied'),
    async flush() {
      await whenReady(({ dispatcher }) => dispatcher.flushAll());
    },
    getCampaign: () => running()?.visitor.campaign(),
    getAnonymousId: () => running()?.visitor.identity().anonymousId,
    explain: () => running()?.explain() ?? [],
  };
}
