import type { Settings } from '../../options/options.ts';
import { toText } from '../../shared/json.ts';
import type { Json } from '../../shared/types.ts';
import type { WireRequest } from '../transport.ts';

declare const VERSION: string;

/** Names this package and its version. Run from its source, as by the demo, there is no build that puts the version in. */
export const toSdk = (): string => `utmost/${typeof VERSION === 'string' ? VERSION : 'source'}`;

/** Turns an update into a request to the API. No other header passes the collector's CORS preflight. */
export function moesifRequest(
  { host, applicationId }: Pick<Settings, 'host' | 'applicationId'>,
  body: Json,
  path: string,
): WireRequest {
  return {
    url: `${host}/v1/${path}`,
    headers: {
      'Content-Type': 'application/json',
      'X-Moesif-Application-Id': applicationId,
      'X-Moesif-SDK': toSdk(),
    },
    body: toText(body),
    credentials: 'omit',
  };
}
