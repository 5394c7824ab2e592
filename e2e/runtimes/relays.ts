/** Names of the relays that each runtime has beside the recipe's own, and how their options differ from it. */
export type RelayName = 'plain' | 'proxied' | 'named' | 'strict' | 'impatient' | 'renewing' | 'crm' | 'unset';

/** The options of each relay, as code of the runtime: the recipe's, and then these. */
export const relaysOf = (api: string, token: string): Record<RelayName, object> => {
  const plain = { upstream: api, allowedOrigins: [LISTED] };
  return {
    plain,
    proxied: { ...plain, trustProxy: 1 },
    named: { ...plain, trustProxy: 'x-real-ip' },
    strict: { ...plain, maxBodyBytes: 2000 },
    impatient: { ...plain, timeout: 500 },
    renewing: { ...plain, renew: true },
    crm: { applicationId: null, userCom: { baseUrl: api, token, createMissing: true } },
    unset: { applicationId: null },
  };
};

/** A further origin whose pages may post. */
export const LISTED = 'https://shop.example.test';

/**
 * Writes a module that stands in for an entry of the package: its `create` is the package's own. It makes
 * several relays, and each request goes to the one that its path names: `/t/strict/v1/users`.
 */
export const standIn = (entry: string, create: string, relays: Record<string, object>): string => `
import { ${create} as createOne } from '${entry}';
const OPTIONS = ${JSON.stringify(relays)};
export function ${create}(options) {
  const relays = new Map();
  const relayOf = name => {
    const given = { ...options, ...OPTIONS[name] };
    // JSON has no undefined.
    if (given.applicationId === null) given.applicationId = undefined;
    if (!relays.has(name)) relays.set(name, createOne(given));
    return relays.get(name);
  };
  return (request, ...rest) => {
    // A Request, a Node or Fastify request, or Hono's context.
    const url = request.originalUrl ?? request.url ?? request.req.raw.url;
    const [, name] = /\\/(\\w+)\\/v1\\//.exec(url) ?? [];
    return relayOf(name in OPTIONS ? name : 'plain')(request, ...rest);
  };
}
`;
