import { type Context, Hono } from 'hono';
import type { Writer } from '../database/writer.ts';
import { forItem } from '../http-error.ts';
import { MAX_BATCH_SIZE, MAX_ITEM_SIZE } from '../limits.ts';
import { applyCompany, applyUser } from '../profiles/apply.ts';
import type { Additions, RequestedKey, Rows, Sender } from '../profiles/rows.ts';
import type { Action, ApiCall, CompanyUpdate, UserUpdate } from '../profiles/updates.ts';
import { parseAction, parseCompany, parseUser } from './body.ts';
import { parseEvent } from './event.ts';
import type { Change } from './event-stream.ts';
import { readApplicationId, readBody } from './request.ts';
import { splitBatch } from './split-batch.ts';

/** An endpoint: how an item is read, what it is about, and what it does. */
interface Endpoint<Item extends Sender, Result> {
  parse(text: string): Item;
  keys(item: Item): RequestedKey[];
  apply(rows: Rows, item: Item, now: number, additions: Additions): Result & { created: boolean };
  /** The person of whose change open dashboards are notified. */
  person(result: Result): Omit<Change, 'application_id'> | undefined;
}

const users: Endpoint<UserUpdate, { user_id: string | null; anonymous_id: string | null }> = {
  parse: parseUser,
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
  parse: parseCompany,
  keys: ({ companyId }) => [{ kind: 'company', id: companyId }],
  apply: applyCompany,
  person: () => undefined,
};

const actions: Endpoint<
  Action,
  { action_name: string; user_id: string | null; anonymous_id: string | null }
> = {
  parse: parseAction,
  keys: () => [],
  apply: (_rows, action, now, additions) => {
    const { actionName: action_name, userId: user_id = null, anonymousId: anonymous_id = null } = action;
    additions.actions.push({ ...action, time: action.time ?? now });
    return { created: true, action_name, user_id, anonymous_id };
  },
  person: ({ user_id, anonymous_id }) => ({ user_id, anonymous_id }),
};

const events: Endpoint<
  ApiCall,
  { user_id: string | null; anonymous_id: string | null; transaction_id: string | null; weight: number }
> = {
  parse: parseEvent,
  keys: () => [],
  apply: (_rows, call, _now, additions) => {
    const { userId: user_id = null, anonymousId: anonymous_id = null, weight } = call;
    additions.calls.push(call);
    return { created: true, user_id, anonymous_id, transaction_id: call.transactionId ?? null, weight };
  },
  person: ({ user_id, anonymous_id }) => ({ user_id, anonymous_id }),
};

/** The dependencies of the ingest routes. */
export interface IngestDependencies {
  writer: Writer;
  /** The applications that may send; undefined for all. */
  applicationIds?: ReadonlySet<string> | undefined;
  addressOf?: ((c: Context) => string | undefined) | undefined;
  publish(change: Change): void;
}

/** Creates the routes `POST /v1/users`, `/v1/companies`, `/v1/actions`, `/v1/events` and the `/batch` of each. */
export function createIngestRoutes(dependencies: IngestDependencies): Hono {
  const app = new Hono();
  addRoutes(app, '/v1/users', users, dependencies);
  addRoutes(app, '/v1/companies', companies, dependencies);
  addRoutes(app, '/v1/actions', actions, dependencies);
  addRoutes(app, '/v1/events', events, dependencies);
  return app;
}

function addRoutes<Item extends Sender, Result>(
  app: Hono,
  path: string,
  endpoint: Endpoint<Item, Result>,
  { writer, applicationIds, addressOf, publish }: IngestDependencies,
): void {
  const ingest = async (c: Context, isBatch: boolean) => {
    const applicationId = readApplicationId(c, applicationIds);
    const text = await readBody(c, isBatch ? MAX_BATCH_SIZE : MAX_ITEM_SIZE);
    const texts = isBatch ? splitBatch(text) : [text];
    const sender = { ipAddress: addressOf?.(c), userAgentString: c.req.header('User-Agent') || undefined };
    const items = texts.map((item, index) =>
      forItem(isBatch ? index : undefined, () => withSender(endpoint.parse(item), sender)),
    );
    const now = Date.now();
    const results = await writer.write(applicationId, {
      isBatch,
      keys: items.flatMap(item => endpoint.keys(item)),
      metadata: items.map(item => (item as { metadata?: UserUpdate['metadata'] }).metadata),
      apply: (rows, additions) => items.map(item => endpoint.apply(rows, item, now, additions)),
    });
    for (const result of results) {
      const person = endpoint.person(result);
      if (person)
        publish({
          application_id: applicationId,
          user_id: person.user_id,
          anonymous_id: person.anonymous_id,
        });
    }
    const status = results.some(({ created }) => created) ? 201 : 200;
    const bodies = results.map(({ created: _, ...result }) => result);
    return c.json(isBatch ? bodies : bodies[0], status);
  };
  app.post(path, c => ingest(c, false));
  app.post(`${path}/batch`, c => ingest(c, true));
}

/** Returns the item, with what it left out of its sender taken from the request. */
function withSender<Item extends Sender>(item: Item, { ipAddress, userAgentString }: Sender): Item {
  return {
    ...item,
    ipAddress: item.ipAddress ?? ipAddress,
    userAgentString: item.userAgentString ?? userAgentString,
  };
}
