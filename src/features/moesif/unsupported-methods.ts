import type { JsonObject, Receipt } from '../../shared/types.ts';
import type { FullClient, Metadata, RetiredMethods } from '../full-client.ts';
import { note } from './unsupported.ts';

const text = (value: unknown) => value as string;

/** Makes moesif-browser-js's methods that have no work of their own here. None throws, and each says what to use. */
export function retiredMethods({
  identifyUser,
  identifyCompany,
}: Pick<FullClient, 'identifyUser' | 'identifyCompany'>): RetiredMethods {
  const noRecording = (name: string) => () => {
    note(`${name}()`, 'no requests are recorded here; remove it, the rest needs no start.');
    return false as const;
  };
  const nothing = (name: string, instead: string) => () => note(`${name}()`, instead);
  const byFields =
    (name: string, use: string, identify: (body: JsonObject) => Promise<Receipt>) => (body: unknown) => {
      note(`${name}()`, `use ${use}.`);
      return identify({ ...(body as JsonObject) });
    };
  return {
    start: noRecording('start'),
    useWeb3: noRecording('useWeb3'),
    stop: nothing('stop', 'no requests are recorded here; remove it.'),
    updateUser: byFields('updateUser', 'identifyUser', ({ user_id, metadata, company_id, session_token }) =>
      identifyUser(text(user_id), metadata as Metadata, {
        companyId: text(company_id),
        sessionToken: text(session_token),
      }),
    ),
    updateCompany: byFields('updateCompany', 'identifyCompany', ({ company_id, metadata, company_domain }) =>
      identifyCompany(text(company_id), metadata as Metadata, text(company_domain)),
    ),
    recordEvent: nothing(
      'recordEvent',
      'no requests are recorded here; use track for what the visitor does.',
    ),
    initBatching: nothing('initBatching', 'use the option batchEnabled.'),
    stopAllBatching: nothing('stopAllBatching', 'use the option batchEnabled.'),
  };
}
