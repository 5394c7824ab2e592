import type { Got, Rule } from '../../test/relay/world.ts';
import type { Answer, Sent } from './client.ts';
import type { RelayName } from './relays.ts';

/** What a case is played with. */
export interface Stage {
  port: number;
  /** An id that no other case has: the upstream's rule and requests go by it. */
  userId: string;
  /** The requests of this case that upstreams got so far, oldest first. */
  got(): readonly Got[];
}

/** One row of the list that every runtime has to meet. */
export interface Case {
  /** The rule that it holds. */
  name: string;
  /** The relay that is asked, by default the one with no other options than the recipe's. */
  relay?: RelayName;
  method?: string;
  /** The path below where the relay is mounted. Default `/v1/users`. */
  path?: string;
  headers?: Sent['headers'];
  /** The body, given the case's own user id. Default: that user. Text and bytes as they stand, all else as JSON. */
  body?: (userId: string) => unknown;
  /** How the upstream answers. Default 201. */
  upstream?: Rule;
  /** Plays a case that is more than one request with one answer. Returns the last answer. */
  play?: (stage: Stage, sent: Sent) => Promise<Answer>;
  status: number;
  /** The sentence of a refusal. */
  error?: RegExp;
  /** Headers of the answer, by their names in lower case; `undefined`: it has none of that name. */
  answerHeaders?: Record<string, RegExp | undefined>;
  /** What the upstreams got. Default: one request where the status is 2xx or `upstream` is given, else none. */
  arrives?: readonly object[];
  /** True if a runtime may send its request once more: on a kept connection that breaks off, Deno does. */
  mayRepeat?: boolean;
  /** What differs on a runtime, by its name, for a reason that stands beside it. */
  except?: Record<string, Partial<Case>>;
}

/** What differs on every runtime whose framework has read the body before the relay gets it. */
export const whereParsed = (difference: Partial<Case>): Pick<Case, 'except'> => ({
  except: { 'Express behind its parsers': difference, Fastify: difference },
});
