import type { Client } from '../../client/client.ts';
import type { Json, JsonObject, Receipt } from '../../shared/types.ts';
import type { CompanyMethods, Metadata } from '../companies.ts';
import { note } from './unsupported.ts';

/** Methods that only moesif-browser-js has, and what they are here. Each says once on the console what to use. */
export interface RetiredMethods {
  /**
   * Records nothing: calls of web3 are not part of `start`.
   *
   * @param web3 Is not used.
   * @returns False.
   */
  useWeb3(web3?: unknown): false;
  /**
   * Calls `identifyUser` with the fields of a user's body.
   *
   * @param user `user_id`, `metadata`, `company_id` and `session_token`, as in the Users API.
   * @param rest Is not used.
   * @returns The receipt of `identifyUser`.
   */
  updateUser(user: { [field: string]: Json | undefined }, ...rest: unknown[]): Promise<Receipt>;
  /**
   * Calls `identifyCompany` with the fields of a company's body.
   *
   * @param company `company_id`, `metadata` and `company_domain`, as in the Users API.
   * @param rest Is not used.
   * @returns The receipt of `identifyCompany`.
   */
  updateCompany(company: { [field: string]: Json | undefined }, ...rest: unknown[]): Promise<Receipt>;
  /** Does nothing: the option `batchEnabled` decides. */
  initBatching(): void;
  /** Does nothing: the option `batchEnabled` decides. */
  stopAllBatching(): void;
}

const text = (value: unknown) => value as string;

/** Makes moesif-browser-js's methods that have no work of their own here. None throws, and each says what to use. */
export function retiredMethods(client: Client & CompanyMethods): RetiredMethods {
  const nothing = (name: string, instead: string) => () => note(`${name}()`, instead);
  const byFields =
    (name: string, use: string, identify: (body: JsonObject) => Promise<Receipt>) => (body: unknown) => {
      note(`${name}()`, `use ${use}.`);
      return identify({ ...(body as JsonObject) });
    };
  return {
    useWeb3() {
      note('useWeb3()', 'calls of web3 are not recorded; remove it.');
      return false;
    },
    updateUser: byFields('updateUser', 'identifyUser', ({ user_id, metadata, company_id, session_token }) =>
      client.identifyUser(text(user_id), metadata as Metadata, {
        companyId: text(company_id),
        sessionToken: text(session_token),
      }),
    ),
    updateCompany: byFields('updateCompany', 'identifyCompany', ({ company_id, metadata, company_domain }) =>
      client.identifyCompany(text(company_id), metadata as Metadata, text(company_domain)),
    ),
    initBatching: nothing('initBatching', 'use the option batchEnabled.'),
    stopAllBatching: nothing('stopAllBatching', 'use the option batchEnabled.'),
  };
}
