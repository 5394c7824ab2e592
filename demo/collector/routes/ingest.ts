import { type Context, Hono } from 'hono';
import type { Writer } from '../database/writer.ts';
import { forItem } from '../http-error.ts';
import { MAX_BATCH_SIZE, MAX_ITEM_SIZE } from '../limits.ts';
import { applyCompany, applyUser } from '../profiles/apply.ts';
import type { Additions, AskedKey, Rows, Sender } from '../profiles/rows.ts';
import type { Action, CompanyUpdate, UserUpdate } from '../profiles/updates.ts';
import { parseAction, parseCompany, parseUser } from './body.ts';
import type { Change } from './event-stream.ts';
import { readApplicationId, readBody } from './request.ts';
import { splitBatch } from './split-batch.ts';

/** An endpoint: how an item is read, what it is about, and what it does. */
interface Endpoint<Item extends Sender, Answer> {
  parse(text: string): Item;
  keys(item: Item): AskedKey[];
  apply(rows: Rows, item: Item, now: number, add: Additions): Answer & { created: boolean };
  /** The person whose change open dashboards are told of. */
  person(answer: Answer): Omit<Change, 'application_id'> | undefined;
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
  person: answer => answer,
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
  apply: (_rows, action, now, add) => {
    const { actionName: action_name, userId: user_id = null, anonymousId: anonymous_id = null } = action;
    add.actions.push({ ...action, time: action.time ?? now });
    return { created: true, action_name, user_id, anonymous_id };
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

/** Creates the routes `POST /v1/users`, `/v1/companies`, `/v1/actions` and the `/batch` of each. */
export function createIngestRoutes(parts: IngestDependencies): Hono {
  const app = new Hono();
  add(app, '/v1/users', users, parts);
  add(app, '/v1/companies', companies, parts);
  add(app, '/v1/actions', actions, parts);
  return app;
}

function add<Item extends Sender, Answer>(
  app: Hono,
  path: string,
  what: Endpoint<Item, Answer>,
  { writer, applicationIds, addressOf, publish }: IngestDependencies,
): void {
  const ingest = async (c: Context, isBatch: boolean) => {
    const applicationId = readApplicationId(c, applicationIds);
    const text = await readBody(c, isBatch ? MAX_BATCH_SIZE : MAX_ITEM_SIZE);
    const texts = isBatch ? splitBatch(text) : [text];
    const sender = { ipAddress: addressOf?.(c), userAgentString: c.req.header('User-Agent') || undefined };
    const items = texts.map((item, index) =>
      forItem(isBatch ? index : undefined, () => withSender(what.parse(item), sender)),
    );
    const now = Date.now();
    const answers = await writer.write(applicationId, {
      isBatch,
      keys: items.flatMap(item => what.keys(item)),
      metadata: items.map(item => (item as { metadata?: UserUpdate['metadata'] }).metadata),
      apply: (rows, additions) => items.map(item => what.apply(rows, item, now, additions)),
    });
    for (const answer of answers) {
      const person = what.person(answer);
      if (person)
        publish({
          application_id: applicationId,
          user_id: person.user_id,
          anonymous_id: person.anonymous_id,
        });
    }
    const status = answers.some(({ created }) => created) ? 201 : 200;
    const results = answers.map(({ created: _, ...answer }) => answer);
    return c.json(isBatch ? results : results[0], status);
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
