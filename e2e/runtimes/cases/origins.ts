import type { Case } from '../case.ts';
import { LISTED } from '../relays.ts';

const foreign = { Origin: 'https://evil.example', 'Sec-Fetch-Site': 'cross-site' };
const preflight = (origin: string) => ({
  method: 'OPTIONS',
  body: () => '',
  headers: {
    Origin: origin,
    'Content-Type': undefined,
    'Access-Control-Request-Method': 'POST',
    'Access-Control-Request-Headers': 'content-type',
  },
});
const NOT_SHARED = { 'access-control-allow-origin': undefined, vary: /\bOrigin\b/i };
const SHARED = {
  'access-control-allow-origin': /^https:\/\/shop\.example\.test$/,
  'access-control-allow-credentials': undefined,
  vary: /\bOrigin\b/i,
};

/** Whose pages may post, and who may read the answer. */
export const ORIGINS: readonly Case[] = [
  {
    name: '403 for a page of another origin',
    headers: foreign,
    status: 403,
    error: /add it to allowedOrigins/,
    answerHeaders: NOT_SHARED,
  },
  { name: '403 for who names no origin', headers: { Origin: undefined }, status: 403 },
  { name: '403 for an origin of null', headers: { Origin: 'null' }, status: 403 },
  {
    name: 'but not where the browser says that it is the same',
    headers: { Origin: 'null', 'Sec-Fetch-Site': 'same-origin' },
    status: 201,
    answerHeaders: NOT_SHARED,
  },
  {
    name: 'a listed origin may, and may read the answer',
    headers: { Origin: LISTED, 'Sec-Fetch-Site': 'same-site' },
    status: 201,
    answerHeaders: { ...SHARED, 'access-control-expose-headers': /Retry-After/ },
  },
  {
    name: 'also a refusal',
    headers: { Origin: LISTED },
    body: () => '{',
    status: 400,
    answerHeaders: SHARED,
  },
  {
    name: '204 for its preflight',
    ...preflight(LISTED),
    status: 204,
    answerHeaders: {
      ...SHARED,
      'access-control-allow-methods': /POST/,
      'access-control-allow-headers': /Content-Type/i,
      'access-control-max-age': /^600$/,
    },
    arrives: [],
  },
  {
    name: '403 for the preflight of another',
    ...preflight('https://evil.example'),
    status: 403,
    answerHeaders: NOT_SHARED,
  },
];
