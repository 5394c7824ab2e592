import type { JsonObject } from '../shared/types.ts';

/** Facts that the request itself reveals of the visitor. */
export interface VisitorFacts {
  ip_address?: string | undefined;
  user_agent_string?: string | undefined;
}

/** Returns the facts that are known. */
export const factsOf = (visitor: VisitorFacts): JsonObject =>
  Object.fromEntries(Object.entries(visitor).filter(([, value]) => value));
