import { byteLength } from '../shared/byte-length.ts';
import { toText } from '../shared/json.ts';
import { dropped } from '../shared/receipt.ts';
import type { IdentifyOptions, JsonObject, Receipt } from '../shared/types.ts';
import type { CompanyFields } from './company-update.ts';
import { MAX_ID, normalizeId } from './ids.ts';
import { toJson } from './metadata.ts';
import type { UserFields } from './user-update.ts';

/** Most bytes one call may bring: 1 MB, less than a request may hold by the room for ids and campaign. */
const MAX_CALL = 1_000_000;

/** Longest session token, in UTF-16 code units: more than a browser sends in a header. */
export const MAX_TOKEN = 16_384;

/** The sentence about a session token that is none. */
export const INVALID_TOKEN = 'utmost: the session token is invalid; pass another';

/** The sentence about an id that names nobody. */
const NOBODYS = `names nobody; pass your database's id, at most ${MAX_ID} characters`;

/** Makes JSON of a call's metadata, which has to fit into a request with `others`. Throws if it has none, or too much. */
export type ToMetadata = (metadata: unknown, ...others: unknown[]) => JsonObject | undefined;

/** Makes a {@link ToMetadata}. Through `whenReady` it reports each key that was changed or left out. */
export const createToMetadata =
  (whenReady: (use: (to: { report(message: string): void }) => void) => unknown): ToMetadata =>
  (metadata, ...others) => {
    const json =
      metadata == null
        ? undefined
        : toJson(metadata, message => void whenReady(({ report }) => report(message)));
    if (byteLength(toText([others, json])) > MAX_CALL)
      throw dropped('too-large', 'the call is over 1 MB; pass less metadata');
    return json;
  };

/**
 * Reads a call of `identifyUser`. Throws a receipt, or what metadata throws. `warn` hears of a company whose id names
 * nobody: the user is told without it.
 */
export function readUserCall(
  userId: unknown,
  metadata: unknown,
  options: IdentifyOptions | null | undefined,
  toMetadata: ToMetadata,
  warn: (warning: string) => void,
): [id: string, fields: UserFields] {
  const id = normalizeId(userId);
  if (!id) throw dropped('invalid-user-id', `the user id ${NOBODYS}`);
  const { companyId, sessionToken } = options ?? {};
  const company_id = normalizeId(companyId);
  if (companyId != null && !company_id) warn(`the company id ${NOBODYS}`);
  const session_token = normalizeId(sessionToken, MAX_TOKEN);
  if (sessionToken != null && !session_token) console.warn(INVALID_TOKEN);
  return [id, { company_id, session_token, metadata: toMetadata(metadata, id, company_id, session_token) }];
}

/** Adds that warning, if there is one, to the user's receipt, and says it on the console. */
export function withWarning<R extends Pick<Receipt, 'status' | 'message'>>(receipt: R, warning: string): R {
  if (warning) console.warn('utmost:', warning);
  return warning
    ? {
        reason: 'invalid-company-id',
        ...receipt,
        message: `${receipt.message ?? receipt.status}: ${warning}`,
      }
    : receipt;
}

/** Makes the receipt of a call that cannot be sent, of what it threw, and says it on the console. */
export function toDropped(error: unknown): Receipt {
  // What the host's own getters and toJSON throw may be anything.
  const { reason = 'invalid-metadata', message = `${error}` } = Object(error) as Partial<
    ReturnType<typeof dropped>
  >;
  console.warn('utmost:', message);
  return dropped(reason, message);
}

/** Reads a call of `identifyCompany`. Throws a receipt, or what metadata throws. */
export function readCompanyCall(
  companyId: unknown,
  metadata: unknown,
  companyDomain: unknown,
  session_token: string | undefined,
  toMetadata: ToMetadata,
): [id: string, fields: CompanyFields] {
  const id = normalizeId(companyId);
  if (!id) throw dropped('invalid-company-id', `the company id ${NOBODYS}`);
  const company_domain = normalizeId(companyDomain);
  return [
    id,
    { company_domain, session_token, metadata: toMetadata(metadata, id, company_domain, session_token) },
  ];
}
