import type { IncomingMessage, ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from './client.ts';

/** An update in the Users API's shape. */
export interface Body {
  user_id?: string;
  anonymous_id?: string;
  session_token?: string;
  campaign?: Record<string, string | null>;
  metadata?: Record<string, unknown>;
}

/**
 * The collector's response to a post. A status: 2xx is stored first. `reset`: the connection breaks off,
 * nothing is stored. `lost`: it is stored, and the connection breaks off before the answer. `hang`: never
 * answered, nothing is stored.
 */
export type Answer = number | 'reset' | 'lost' | 'hang' | Special;

/**
 * An answer with more than a status. With `location` or `html` it comes from something that stands before the
 * API.
 */
interface Special {
  status: number;
  retryAfter?: () => string;
  location?: string;
  html?: string;
}

/** The ways in which a collector fails. */
export interface Faults {
  /** Milliseconds until a preflight is answered; no browser remembers the answer. */
  preflight?: number;
  /** Answers to the posts of one profile, first to last; each profile gets all of them. */
  answers?: Answer[];
  /** The answer after those. Default 200. */
  otherwise?: Answer;
  /** True if the endpoint has a slash at its end, and without it redirects there. */
  wantsSlash?: boolean;
  /** Tells which bodies are answered 400, whatever else is set here. */
  refuses?(body: Body): boolean;
  /** Milliseconds from storing to the answer. Default 0. */
  delay?: number;
}

/** An update that came in whole. */
export interface Post {
  /** Milliseconds since 1970. */
  at: number;
  body: Body;
  answer: Answer;
  stored: boolean;
  /** True if the answer went out while a page was there to read it. */
  answered: boolean;
}

export type Collector = ReturnType<typeof createCollector>;

async function answerPreflight(response: ServerResponse, headers: string, wait?: number): Promise<void> {
  await sleep(wait ?? 0);
  response.setHeader('Access-Control-Allow-Methods', 'POST, GET');
  response.setHeader('Access-Control-Allow-Headers', headers);
  response.setHeader('Access-Control-Max-Age', wait === undefined ? '600' : '-1');
  response.writeHead(204).end();
}

function send(
  response: ServerResponse,
  { status, retryAfter, location, html }: Special,
  onSent: () => void,
): void {
  if (retryAfter) response.setHeader('Retry-After', retryAfter());
  if (location) response.setHeader('Location', location);
  response.setHeader('Content-Type', html ? 'text/html' : 'application/json');
  response.writeHead(status).end(html ?? '{"status":1}', onSent);
}

/** Creates a collector for one client. It can be made to fail, and records every update it got. */
export function createCollector({
  read,
  headers,
  hasCredentials,
}: Pick<Client, 'read' | 'headers' | 'hasCredentials'>) {
  const posts: Post[] = [];
  let faults: Faults = {};
  let served = new Map<string, number>();

  const answerTo = (body: Body): Answer => {
    const { answers = [], otherwise = 200, refuses } = faults;
    const profile = `${body.user_id ?? body.anonymous_id}`;
    const turn = served.get(profile) ?? 0;
    served.set(profile, turn + 1);
    return refuses?.(body) ? 400 : (answers[turn] ?? otherwise);
  };

  return {
    /** The updates that came in whole, oldest first. */
    posts: posts as readonly Post[],
    /** Returns what was stored, in the order of arrival. */
    stored: () => posts.filter(({ stored }) => stored).map(({ body }) => body),
    /** Fails in these ways from now on, and in no other. */
    fail(next: Faults) {
      faults = next;
      served = new Map();
    },
    async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
      response.setHeader('Access-Control-Allow-Origin', hasCredentials ? `${request.headers.origin}` : '*');
      if (hasCredentials) response.setHeader('Access-Control-Allow-Credentials', 'true');
      response.setHeader('Access-Control-Expose-Headers', 'Retry-After');
      if (request.method === 'OPTIONS') return answerPreflight(response, headers, faults.preflight);
      const bodies = read(await buffer(request), new URL(`${request.url}`, 'http://test-site'));
      // What brings no update is no part of the run.
      const { pathname } = new URL(`${request.url}`, 'http://test-site');
      const slash: Special | undefined =
        faults.wantsSlash && !pathname.endsWith('/') ? { status: 308, location: `${pathname}/` } : undefined;
      const answer = slash ?? (bodies[0] ? answerTo(bodies[0]) : 200);
      const special: Special = typeof answer === 'object' ? answer : { status: Number(answer) };
      const { status, html } = special;
      const stored = answer === 'lost' || (status >= 200 && status < 300 && !html);
      const brought = bodies.map((body): Post => ({ at: Date.now(), body, answer, stored, answered: false }));
      posts.push(...brought);
      if (answer === 'hang') return;
      await sleep(faults.delay ?? 0);
      if (Number.isNaN(status)) {
        request.socket.destroy();
        return;
      }
      send(response, special, () => {
        for (const post of brought) post.answered = !response.closed;
      });
    },
  };
}
