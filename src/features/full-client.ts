import type { Client } from '../client/client.ts';
import type { ActionMethods } from './actions.ts';
import type { CompanyMethods } from './companies.ts';
import type { CrossDomainMethods } from './cross-domain/cross-domain.ts';
import type { MoesifMethods } from './moesif/moesif.ts';
import type { FullOptions } from './options.ts';
import type { SessionMethods } from './sessions.ts';
import type { VisitorIdMethods } from './visitor-ids.ts';

/** {@link Client} with all that moesif-browser-js does for users, companies, sessions and actions. */
export interface FullClient
  extends Client,
    CompanyMethods,
    SessionMethods,
    ActionMethods,
    VisitorIdMethods,
    CrossDomainMethods,
    MoesifMethods {
  /**
   * Begins tracking: attributes this visit and sends what earlier pages left. A second call with the same options
   * returns the same client. On a server it does nothing.
   *
   * @param options One of `applicationId` and `relay` is required.
   * @returns This client.
   * @throws TypeError with a sentence that tells the fix. Causes: an option is wrong, differs from an earlier call's,
   *   or has another instance's `persistenceKeyPrefix`.
   */
  init(options: FullOptions): FullClient;
}

/** The page's first instance, which also makes further ones. */
export interface DefaultFullClient extends FullClient {
  /**
   * Begins a further instance, which shares nothing with the others. On a server it does nothing.
   *
   * @param options Those of `init`. Its `persistenceKeyPrefix` has to differ from that of every other instance.
   * @returns The instance.
   * @throws TypeError as `init` does.
   */
  createClient(options: FullOptions): FullClient;
  /**
   * Makes a further instance that is not begun: it keeps its calls until its `init`.
   *
   * @returns The instance.
   */
  readonly new: () => FullClient;
}
