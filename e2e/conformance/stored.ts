import type { Posted } from '../fixtures.ts';
import { readFrom } from '../read-from.ts';
import type { Profile, World } from '../world.ts';
import type { Driven } from './drive.ts';

/**
 * The data that a collector holds after a visit, a value a field. Ids and times are told by what they are
 * related to.
 */
export type Fields = Record<string, string>;

type Json = Record<string, unknown>;
interface TimelineEntry {
  type: 'update' | 'action';
  time: string;
  body: Json;
}

/** Fields that differ from one visit to the next, whoever makes it. */
const OF_ITS_TIME = ['application_id', 'created_time', 'identified_time', 'modified_time'];
/** Fields that the collector makes of the metadata and the campaign, which are compared themselves. */
const REPEATED = ['channel', 'email', 'name', 'first_name', 'last_name', 'phone', 'photo_url'];

const without = (record: object, ...names: string[]) =>
  Object.fromEntries(Object.entries(record).filter(([name]) => !names.includes(name)));

/** Returns the time that an action says it has. */
const timeOf = ({ request }: Json) => Date.parse(`${(request as Json | undefined)?.time}`);

/** Returns a function that reads from the collector what one application has there. */
const readerOf =
  (world: World, applicationId: string) =>
  async <Answer>(path: string, query: Record<string, string> = {}) => {
    const parameters = new URLSearchParams({ application_id: applicationId, ...query });
    const response = await readFrom(world.demo, `${path}?${parameters}`);
    return response.ok ? ((await response.json()) as Answer) : undefined;
  };

/** Reads what the collector holds of a visit. */
export async function readStored(
  world: World,
  { applicationId, anonymousIds, tracked }: Driven,
): Promise<Fields> {
  const read = readerOf(world, applicationId);
  /** Names a visitor's id by when the browser had it. */
  const label = (id: unknown) =>
    anonymousIds.includes(`${id}`) ? `visitor ${anonymousIds.indexOf(`${id}`) + 1}` : `${id}`;
  const fields: Fields = {};
  const tell = (path: string, value: unknown): void => {
    if (value === null || value === undefined) return;
    if (Array.isArray(value)) fields[path] = value.map(label).join(', ');
    else if (typeof value !== 'object') fields[path] = label(value);
    else for (const [key, each] of Object.entries(value)) tell(`${path}.${key}`, each);
  };

  const sent = world.posted().filter(({ headers }) => headers['x-moesif-application-id'] === applicationId);
  const bodies = sent.flatMap(({ body }: Posted) => (Array.isArray(body) ? (body as Json[]) : [body]));

  const { profiles = [] } = (await read<{ profiles: Profile[] }>('/profiles')) ?? {};
  for (const profile of profiles) {
    const { user_id, anonymous_ids } = profile;
    const who = user_id ? `user ${user_id}` : label(anonymous_ids[0]);
    tell(who, without(profile, 'user_id', ...OF_ITS_TIME, ...REPEATED));
    const answer = await read<{ timeline: TimelineEntry[] }>(
      '/timeline',
      user_id ? { user_id } : { anonymous_id: `${anonymous_ids[0]}` },
    );
    const timeline = answer?.timeline ?? [];
    tell(`${who}.updates`, timeline.filter(({ type }) => type === 'update').length);
    for (const { time, body } of timeline.filter(({ type }) => type === 'action')) {
      const name = `${body.action_name}`;
      const [from = 0, to = 0] = tracked[name] ?? [];
      const at = Date.parse(time);
      // By the body too: on a busy machine a request may arrive before the call has returned.
      const isSent = bodies.some(sent => sent.action_name === name && timeOf(sent) === at);
      tell(`action ${name}`, {
        stored_with: who,
        time: isSent && at >= from && at <= to ? 'of the call' : 'of its arrival',
      });
    }
  }
  for (const id of new Set(bodies.map(({ company_id }) => company_id).filter(Boolean))) {
    const company = await read<Json>('/companies', { company_id: `${id}` });
    if (company) tell(`company ${id}`, without(company, 'company_id', ...OF_ITS_TIME));
  }
  // The reading endpoints leave out whose an action is said to be, and the keys of exactly-once.
  for (const { action_name, transaction_id, ...action } of bodies.filter(({ action_name }) => action_name)) {
    const before = fields[`action ${action_name}.sent`];
    tell(`action ${action_name}`, {
      ...action,
      request: without(action.request as Json, 'time'),
      transaction_id: /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/.test(`${transaction_id}`)
        ? 'a UUID'
        : transaction_id,
      sent: before ? `${before} and once more` : 'once',
    });
  }
  return fields;
}
