import { type Context, Hono } from 'hono';
import type { Change } from '../database/change-payload.ts';
import type { Writer } from '../database/writer.ts';
import { forItem } from '../http-error.ts';
import { type AnyEndpoint, ENDPOINTS, type EndpointName, toJob } from '../profiles/endpoints.ts';
import type { Sender } from '../profiles/rows.ts';
import type { Enqueue } from '../queue/enqueue.ts';
import { inTurns } from '../turns.ts';
import { parseAction, parseCompany, parseUser } from './body.ts';
import { BodyReader } from './body-reader.ts';
import { parseEvent } from './event.ts';
import { readApplicationId } from './request.ts';

/** How an item of each endpoint is read. */
const PARSERS: Record<EndpointName, (text: string) => Sender> = {
  users: parseUser,
  companies: parseCompany,
  actions: parseAction,
  events: parseEvent,
};

/** The dependencies of the ingest routes. */
export interface IngestDependencies {
  /** Writes what arrives to the database, unless there is a queue before it. */
  writer?: Writer | undefined;
  /** Puts what arrives into a queue, from which others write it. */
  enqueue?: Enqueue | undefined;
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
  for (const name of Object.keys(ENDPOINTS) as EndpointName[]) addRoutes(app, name, all);
  return app;
}

function addRoutes(
  app: Hono,
  name: EndpointName,
  {
    writer,
    enqueue,
    reader,
    applicationIds,
    addressOf,
    strictTypes,
    publish,
  }: IngestDependencies & { reader: BodyReader },
): void {
  const endpoint = ENDPOINTS[name] as unknown as AnyEndpoint;
  const ingest = async (c: Context, isBatch: boolean) => {
    const applicationId = readApplicationId(c, applicationIds);
    const sender = { ipAddress: addressOf?.(c), userAgentString: c.req.header('User-Agent') || undefined };
    const results = await reader.read(c, isBatch, async ({ items: texts, size }) => {
      const parse = (text: Buffer) => withSender(PARSERS[name](text.toString()), sender);
      const items = await inTurns(parseAll(texts, isBatch, parse));
      const request = { items, isBatch, size, now: Date.now() };
      if (enqueue) return enqueue({ ...request, name, applicationId, texts });
      return writer?.write(applicationId, toJob(endpoint, { ...request, isStrict: strictTypes }));
    });
    // It waits in the queue: what becomes of it is not known yet.
    if (!results) return c.json({ queued: true }, 202);
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
  app.post(`/v1/${name}`, c => ingest(c, false));
  app.post(`/v1/${name}/batch`, c => ingest(c, true));
}

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

/** Returns the item, with what it left out of its sender taken from the request. */
function withSender<Item extends Sender>(item: Item, { ipAddress, userAgentString }: Sender): Item {
  return {
    ...item,
    ipAddress: item.ipAddress ?? ipAddress,
    userAgentString: item.userAgentString ?? userAgentString,
  };
}
