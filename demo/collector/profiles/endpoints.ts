import type { JsonObject } from '../json.ts';
import { applyCompany, applyUser, timeOf } from './apply.ts';
import type { Rejected } from './metadata-types.ts';
import type { Additions, RequestedKey, Rows, Sender } from './rows.ts';
import type { Action, ApiCall, CompanyUpdate, UserUpdate } from './updates.ts';
import type { Job } from './write-batch.ts';

/** The person whom an item is about, by the names on the wire. */
export interface Person {
  user_id: string | null;
  anonymous_id: string | null;
}

/** An endpoint: what an item is about, and what it does. */
export interface Endpoint<Item extends Sender, Result> {
  keys(item: Item): RequestedKey[];
  apply(rows: Rows, item: Item, now: number, additions: Additions): Result & { created: boolean };
  /** The person of whose change open dashboards are notified. */
  person(result: Result): Person | undefined;
}

const users: Endpoint<UserUpdate, { user_id: string | null; anonymous_id: string | null }> = {
  keys: ({ userId, anonymousId }) => [
    ...(userId === undefined ? [] : [{ kind: 'user' as const, id: userId }]),
    ...(anonymousId === undefined
      ? []
      : [{ kind: 'anonymous' as const, id: anonymousId, follow: userId === undefined }]),
  ],
  apply: applyUser,
  person: result => result,
};

const companies: Endpoint<CompanyUpdate, { company_id: string }> = {
  keys: ({ companyId }) => [{ kind: 'company', id: companyId }],
  apply: applyCompany,
  person: () => undefined,
};

const actions: Endpoint<
  Action,
  { action_name: string; user_id: string | null; anonymous_id: string | null }
> = {
  keys: () => [],
  apply: (_rows, action, now, additions) => {
    const { actionName: action_name, userId: user_id = null, anonymousId: anonymous_id = null } = action;
    additions.actions.push({ ...action, time: timeOf(action.time, now) ?? now });
    return { created: true, action_name, user_id, anonymous_id };
  },
  person: ({ user_id, anonymous_id }) => ({ user_id, anonymous_id }),
};

const events: Endpoint<
  ApiCall,
  { user_id: string | null; anonymous_id: string | null; transaction_id: string | null; weight: number }
> = {
  keys: () => [],
  apply: (_rows, call, now, additions) => {
    const { userId: user_id = null, anonymousId: anonymous_id = null, weight } = call;
    additions.calls.push({ ...call, received: now, time: timeOf(call.time, now) ?? now });
    return { created: true, user_id, anonymous_id, transaction_id: call.transactionId ?? null, weight };
  },
  person: ({ user_id, anonymous_id }) => ({ user_id, anonymous_id }),
};

/** The endpoints by the last part of their paths. */
export const ENDPOINTS = { users, companies, actions, events };

export type EndpointName = keyof typeof ENDPOINTS;

/** An endpoint, whatever its items are. Those of `parse` and of a queue fit it by its name. */
export type AnyEndpoint = Endpoint<Sender, object>;

/** The items of one request, and what is known of it. */
export interface Request extends Pick<Job<unknown>, 'isBatch' | 'size' | 'isStrict'> {
  items: readonly Sender[];
  /** When it was received, in milliseconds since 1970. */
  now: number;
}

/** Makes the job that writes the items of a request. */
export function toJob(
  endpoint: AnyEndpoint,
  { items, now, ...request }: Request,
): Job<object & { created: boolean }> {
  return {
    ...request,
    keys: items.flatMap(item => endpoint.keys(item)),
    metadata: items.map(item => (item as WithMetadata).metadata),
    apply: (index, { metadata, rejected }, rows, additions) => {
      const item = { ...(items[index] as Sender), ...(metadata && { metadata, rejected }) };
      return {
        ...endpoint.apply(rows, item, now, additions),
        ...namesOf(rejected, request.isBatch ? index : undefined),
      };
    },
  };
}

type WithMetadata = { metadata?: JsonObject | undefined };

/** Names the keys that were left out of an item, in a batch with its index. */
function namesOf(rejected: readonly Rejected[], index: number | undefined): object {
  if (rejected.length === 0) return {};
  return { rejected: rejected.map(key => ({ ...(index !== undefined && { index }), ...key })) };
}
