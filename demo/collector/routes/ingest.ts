import { type Context, Hono } from 'hono';
import type { Change } from '../database/change-payload.ts';
import type { Writer } from '../database/writer.ts';
import { forItem } from '../http-error.ts';
import type { JsonObject } from '../json.ts';
import { applyCompany, applyUser, timeOf } from '../profiles/apply.ts';
import type { Rejected } from '../profiles/metadata-types.ts';
import type { Additions, RequestedKey, Rows, Sender } from '../profiles/rows.ts';
import type { Action, ApiCall, CompanyUpdate, UserUpdate } from '../profiles/updates.ts';
import { inTurns } from '../turns.ts';
import { parseAction, parseCompany, parseUser } from './body.ts';
import { BodyReader } from './body-reader.ts';
import { parseEvent } from './event.ts';
import { readApplicationId } from './request.ts';

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
    additions.actions.push({ ...action, time: timeOf(action.time, now) ?? now });
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
  apply: (_rows, call, now, additions) => {
    const { userId: user_id = null, anonymousId: anonymous_id = null, weight } = call;
    additions.calls.push({ ...call, time: timeOf(call.time, now) ?? now });
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
  /** Whether a key of a wrong type refuses its request. Else the key is left out, and the answer names it. */
  strictTypes?: boolean | undefined;
  publish(change: Change): void;
}

/** Creates the routes `POST /v1/users`, `/v1/companies`, `/v1/actions`, `/v1/events` and the `/batch` of each. */
export function createIngestRoutes(dependencies: IngestDependencies): Hono {
  const app = new Hono();
  const all = { ...dependencies, reader: new BodyReader() };
  addRoutes(app, '/v1/users', users, all);
  addRoutes(app, '/v1/companies', companies, all);
  addRoutes(app, '/v1/actions', actions, all);
  addRoutes(app, '/v1/events', events, all);
  return app;
}

function addRoutes<Item extends Sender, Result>(
  app: Hono,
  path: string,
  endpoint: Endpoint<Item, Result>,
  {
    writer,
    reader,
    applicationIds,
    addressOf,
    strictTypes,
    publish,
  }: IngestDependencies & { reader: BodyReader },
): void {
  const ingest = async (c: Context, isBatch: boolean) => {
    const applicationId = readApplicationId(c, applicationIds);
    const sender = { ipAddress: addressOf?.(c), userAgentString: c.req.header('User-Agent') || undefined };
    const results = await reader.read(c, isBatch, async ({ items: texts, size }) => {
      const parse = (text: Buffer) => withSender(endpoint.parse(text.toString()), sender);
      const items = await inTurns(parseAll(texts, isBatch, parse));
      const now = Date.now();
      return writer.write(applicationId, {
        isBatch,
        size,
        isStrict: strictTypes,
        keys: items.flatMap(item => endpoint.keys(item)),
        metadata: items.map(item => (item as WithMetadata).metadata),
        apply: (index, { metadata, rejected }, rows, additions) => {
          const item = { ...(items[index] as Item), ...(metadata && { metadata, rejected }) };
          return {
            ...endpoint.apply(rows, item, now, additions),
            ...namesOf(rejected, isBatch ? index : undefined),
          };
        },
      });
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

type WithMetadata = { metadata?: JsonObject | undefined };

function* parseAll<Item>(
  texts: readonly Buffer[],
  isBatch: boolean,
  parse: (text: Buffer) => Item,
): Generator<void, Item[], void> {
  const items: Item[] = [];
  for (const [index, text] of texts.entries()) {
    items.push(forItem(isBatch ? index : undefined, () => parse(text)));
    yield;
  }
  return items;
}

/** Names the keys that were left out of an item, in a batch with its index. */
function namesOf(rejected: readonly Rejected[], index: number | undefined): object {
  if (rejected.length === 0) return {};
  return { rejected: rejected.map(key => ({ ...(index !== undefined && { index }), ...key })) };
}

/** Returns the item, with what it left out of its sender taken from the request. */
function withSender<Item extends Sender>(item: Item, { ipAddress, userAgentString }: Sender): Item {
  return {
    ...item,
    ipAddress: item.ipAddress ?? ipAddress,
    userAgentString: item.userAgentString ?? userAgentString,
  };
}
