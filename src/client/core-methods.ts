import type { Consent } from '../consent/consent.ts';
import { MAX_ID, normalizeId } from '../identity/ids.ts';
import { dropped } from '../shared/receipt.ts';
import type { Receipt } from '../shared/types.ts';
import type { Client } from './client.ts';
import type { Kernel } from './feature.ts';

/** Longest session token, in UTF-16 code units: more than a browser sends in a header. */
export const MAX_TOKEN = 16_384;

/** The sentence about an id that names nobody. */
export const NOBODYS = `names nobody; pass your database's id, at most ${MAX_ID} characters`;

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
        const id = normalizeId(userId);
        if (!id) throw dropped('invalid-user-id', `the user id ${NOBODYS}`);
        const { companyId, sessionToken } = options ?? {};
        const company_id = normalizeId(companyId);
        if (companyId != null && !company_id) warning = `the company id ${NOBODYS}`;
        const session_token = normalizeId(sessionToken, MAX_TOKEN);
        if (sessionToken != null && !session_token)
          console.warn('utmost: the session token is invalid; pass another');
        const fields = {
          company_id,
          session_token,
          metadata: toMetadata(metadata, id, company_id, session_token),
        };
        onIdentify(id);
        return ({ visitor, dispatcher, report }) => {
          const entry = visitor.toUserUpdate(id, fields, at);
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
    setConsent: choice => setConsent(choice === 'granted' ? choice : 'denied'),
    async flush() {
      await whenReady(({ dispatcher }) => dispatcher.flushAll());
    },
    getCampaign: () => running()?.visitor.campaign(),
    getAnonymousId: () => running()?.visitor.identity().anonymousId,
    explain: () => running()?.explain() ?? [],
  };
}
