import type { WireRequest } from '../delivery/transport.ts';
import type { Settings } from '../options.ts';
import type { JsonObject } from '../types.ts';

declare const VERSION: string;

/** Words an update as a request to the Users API. No other header passes the collector's CORS preflight. */
export function usersRequest(
  { host, applicationId }: Pick<Settings, 'host' | 'applicationId'>,
  body: JsonObject,
): WireRequest {
  return {
    url: `${host}/v1/users`,
    headers: {
      'Content-Type': 'application/json',
      'X-Moesif-Application-Id': applicationId,
      'X-Moesif-SDK': `utmost/${VERSION}`,
    },
    body: JSON.stringify(body),
  };
}
