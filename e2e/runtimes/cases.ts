import type { Case } from './case.ts';
import { CONNECTIONS } from './cases/connections.ts';
import { ORIGINS } from './cases/origins.ts';
import { REFUSALS } from './cases/refusals.ts';
import { RENEWAL } from './cases/renewal.ts';
import { UPSTREAMS } from './cases/upstreams.ts';
import { VISITORS } from './cases/visitors.ts';

/** The list that the relay has to meet on every runtime, in groups. */
export const CASES: Record<string, readonly Case[]> = {
  'the relay’s own answers': REFUSALS,
  'an upstream’s answers': UPSTREAMS,
  'the visitor’s address': VISITORS,
  'pages of other origins': ORIGINS,
  'renewed cookies': RENEWAL,
  connections: CONNECTIONS,
};
