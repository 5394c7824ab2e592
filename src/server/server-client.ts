import { toConsent } from '../consent/consent.ts';
import { moesifRequest } from '../delivery/requests/moesif.ts';
import { createTransport } from '../delivery/transport.ts';
import {
  createToMetadata,
  MAX_TOKEN,
  readCompanyCall,
  readUserCall,
  toDropped,
  withWarning,
} from '../identity/calls.ts';
import { createCompanyUpdates } from '../identity/company-update.ts';
import { normalizeId } from '../identity/ids.ts';
import { createVisitor } from '../identity/visitor.ts';
import type { Jsonable } from '../shared/jsonable.ts';
import { dropped } from '../shared/receipt.ts';
import type { IdentifyOptions, JsonObject, UserMetadata } from '../shared/types.ts';
import type { RecordStore } from '../storage/record-store.ts';
import { cookieRecords } from './cookie-records.ts';
import { normalizeServerOptions, type ServerOptions, type ServerSettings } from './options.ts';
import { postWithRetries } from './post-with-retries.ts';
import { type ServerReceipt, toServerReceipt } from './receipt.ts';
import { factsOf, toHeaderReader, type VisitorRequest } from './visitor-facts.ts';

/** Where a call on a server finds the visitor. */
export interface VisitorSource {
  /** The request that the visitor has made: their address and browser, and their cookies. */
  request?: VisitorRequest | null | undefined;
  /** The `Cookie` header. Default: that of `request`. */
  cookie?: string | null | undefined;
  /** The address at the other end of the connection. Default: that of a Node request. */
  address?: string | undefined;
}

/** A client of the Users API for a site's server. No method throws, and no promise rejects. */
export interface ServerClient {
  /**
   * Identifies the visitor of a request as a user: one update of the user's profile, with the campaign they came by.
   * It says what the page's own `identifyUser` says, so that it is the same profile, whichever arrives.
   *
   * @param userId The user's permanent id in your own database, as in the page.
   * @param metadata The user's data: a JSON object of at most 1 MB.
   * @param options The visitor, and the user's company and session token. Without a visitor, no campaign is sent.
   * @returns The receipt, at the latest after the option `timeout`.
   */
  identifyUser<T extends UserMetadata & Jsonable<T>>(
    userId: string | number | bigint,
    metadata?: T | null,
    options?: (VisitorSource & IdentifyOptions) | null,
  ): Promise<ServerReceipt>;
  /**
   * Identifies a company: one update of the company's profile, with the visitor's campaign. To link a user to it, give
   * `identifyUser` the `companyId`.
   *
   * @param companyId The company's permanent id, as in the page.
   * @param metadata The company's data: a JSON object of at most 1 MB.
   * @param companyDomain The company's domain, such as `example.com`.
   * @param options The visitor, and a session token.
   * @returns The receipt, at the latest after the option `timeout`.
   */
  identifyCompany<T extends object & Jsonable<T>>(
    companyId: string | number,
    metadata?: T | null,
    companyDomain?: string | null,
    options?: (VisitorSource & Pick<IdentifyOptions, 'sessionToken'>) | null,
  ): Promise<ServerReceipt>;
}

/** A visitor that the page does not know has no anonymous id, and none is made up. */
const VISITOR = { now: () => Date.now(), uuid: () => '' };

const toMetadata = createToMetadata(use => use({ report: message => console.warn('utmost:', message) }));

const setTimer = (run: () => void, milliseconds: number) => {
  const timer = setTimeout(run, milliseconds);
  return () => clearTimeout(timer);
};

/** The answer of a client without an application id, which the console has named when it was made. */
const NOT_STARTED: ServerReceipt = {
  status: 'dropped',
  reason: 'not-started',
  message: 'there is no applicationId; set it on this server',
  retryAfter: Infinity,
};

/** Opens what the visitor's request says. Throws a receipt where they do not allow tracking. */
function openRequest(
  source: VisitorSource | null | undefined,
  { persistenceKeyPrefix, consent, respectGpc, trustProxy }: ServerSettings,
): { records: RecordStore; facts: ReturnType<typeof factsOf> } {
  const { request, cookie, address } = source ?? {};
  const headers = toHeaderReader(request);
  const records = cookieRecords(cookie ?? headers.get('Cookie'), persistenceKeyPrefix);
  const isRefused = respectGpc && headers.get('Sec-GPC') === '1';
  const choice = toConsent(records.load('consent'), isRefused ? 'denied' : consent);
  if (choice !== 'granted') throw dropped(`consent-${choice}` as 'consent-denied');
  return { records, facts: factsOf(headers, trustProxy, address ?? request?.socket?.remoteAddress) };
}

/**
 * Makes a client for a site's server, which tells the Users API of a sign-up whose page cannot: its call is blocked, or
 * the page was left. Make one for the whole server. It keeps nothing between calls.
 *
 * @param options `applicationId` is required. Where it is missing nothing throws, so that a site can be built without
 *   its environment: it is said on the console, and calls are answered `dropped`.
 * @returns The client.
 * @throws TypeError with a sentence that tells the fix: an option is wrong.
 */
export function createServerClient(options: ServerOptions): ServerClient {
  const settings = normalizeServerOptions(options);
  const isMissing = !settings.applicationId;
  if (isMissing) console.error('utmost: createServerClient has no applicationId; set it on this server.');
  const transport = createTransport(postWithRetries, settings.timeout, { now: VISITOR.now, setTimer });
  const post = async (body: JsonObject, path: string): Promise<ServerReceipt> => {
    if (isMissing) return NOT_STARTED;
    const receipt = toServerReceipt(await transport.send(moesifRequest(settings, body, path)));
    if (receipt.status === 'dropped') console.warn('utmost:', `an update is dropped: ${receipt.message}`);
    return receipt;
  };
  const orDropped = (error: unknown) => toServerReceipt(toDropped(error));
  return {
    async identifyUser(userId, metadata, options) {
      let warning = '';
      const send = async () => {
        const [id, fields] = readUserCall(userId, metadata, options, toMetadata, doubt => {
          warning = doubt;
        });
        const { records, facts } = openRequest(options, settings);
        const { body } = createVisitor(records, VISITOR, settings).toUserUpdate(id, fields);
        return post(withoutEmpty({ ...body, ...facts }), 'users');
      };
      return withWarning(await send().catch(orDropped), warning);
    },
    async identifyCompany(companyId, metadata, companyDomain, options) {
      const send = async () => {
        const token = normalizeId(options?.sessionToken, MAX_TOKEN);
        const [id, fields] = readCompanyCall(companyId, metadata, companyDomain, token, toMetadata);
        const { records } = openRequest(options, settings);
        const company = createCompanyUpdates(records, VISITOR.now, settings);
        return post(company.toCompanyUpdate(id, VISITOR.now(), fields).body, 'companies');
      };
      return send().catch(orDropped);
    },
  };
}

/** Leaves out what is empty or absent. */
const withoutEmpty = (body: Record<string, unknown>): JsonObject =>
  Object.fromEntries(Object.entries(body).filter(([, value]) => value)) as JsonObject;
