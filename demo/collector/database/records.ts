import { createHash, randomUUID } from 'node:crypto';
import type { Entry } from '../profiles/rows.ts';
import type { Action, Actor, ApiCall } from '../profiles/updates.ts';

/** Returns the digest that stands for a session token or another alias in keys. */
export function digestOf(value: string): string {
  return createHash('sha256').update(value).digest('hex');
}

const PROCESS = randomUUID().slice(0, 8);
let entries = 0;

/** Makes the record of an update in the timeline. */
export function toEntryRecord({ kind, id, time, received, update }: Entry): object {
  entries++;
  // By the alphabet in the order of writing, for those of the same time.
  const entry_id = `${Date.now().toString(36).padStart(9, '0')}-${String(entries).padStart(9, '0')}-${PROCESS}`;
  return { kind, id, time: new Date(time), entry_id, received: new Date(received), update };
}

/** Makes the record of an action. Without a transaction_id it gets one. */
export function toActionRecord(action: Action) {
  const { uri, ipAddress, userAgentString } = action;
  return {
    transaction_id: action.transactionId ?? randomUUID(),
    ...keyOf(action),
    time: new Date(action.time ?? Date.now()),
    action_name: action.actionName,
    company_id: action.companyId ?? null,
    request: { uri, ip_address: ipAddress, user_agent_string: userAgentString },
    metadata: action.metadata ?? {},
    rejected: action.rejected?.length ? action.rejected : null,
  };
}

/** Makes the record of a recorded API call. Without a transaction_id it gets one. */
export function toCallRecord(call: ApiCall) {
  const { content, ipAddress, userAgentString } = call;
  const { headers } = content.request;
  const isNamed = Object.keys(headers).some(name => name.toLowerCase() === 'user-agent');
  const request = {
    ...content.request,
    headers: isNamed || !userAgentString ? headers : { ...headers, 'User-Agent': userAgentString },
    ip_address: ipAddress,
  };
  return {
    // UUIDs are the same whatever their case.
    transaction_id: call.transactionId?.toLowerCase() ?? randomUUID(),
    ...keyOf(call),
    time: new Date(call.time),
    received: new Date(call.received ?? Date.now()),
    company_id: call.companyId ?? null,
    weight: call.weight,
    content: { ...content, request },
  };
}

function keyOf({ userId, anonymousId, sessionToken }: Actor): { kind: string; id: string } {
  if (userId !== undefined) return { kind: 'user', id: userId };
  if (anonymousId !== undefined) return { kind: 'anonymous', id: anonymousId };
  return { kind: 'token', id: sessionToken === undefined ? '' : digestOf(sessionToken) };
}
