import { RECORDS, toCookie, toHeader } from '../../../test/server/cookies.ts';
import type { Case } from '../case.ts';

const { id, campaign } = RECORDS;
const cookies = toHeader({ id, campaign });
const attributes = `; Domain=example.com; Path=/; Max-Age=${400 * 86_400}; SameSite=Lax; Secure`;
const renewed = [
  ...[toCookie('id', id), toCookie('campaign', campaign)].map(pair => pair + attributes),
  toCookie('renewed', {}) + attributes.replace(`${400 * 86_400}`, `${200 * 86_400}`),
];
const NONE = { 'set-cookie': undefined };

/** Cookies that are set again with the answer. */
export const RENEWAL: readonly Case[] = [
  {
    name: 'the answer sets the visitor’s cookies again, each in a line of its own',
    relay: 'renewing',
    headers: { Cookie: `other=1; ${cookies}` },
    status: 201,
    // Node joins by a comma what came in several lines.
    answerHeaders: { 'set-cookie': new RegExp(`^${renewed.join(',')}$`), 'cache-control': /no-store/ },
  },
  {
    name: 'not where the visitor has refused',
    relay: 'renewing',
    headers: { Cookie: `${cookies}; ${toCookie('consent', { choice: 'denied' })}` },
    status: 201,
    answerHeaders: NONE,
  },
  {
    name: 'not what was tampered with',
    relay: 'renewing',
    headers: { Cookie: toCookie('id', { ...id, userId: {} }) },
    status: 201,
    answerHeaders: NONE,
  },
  {
    name: 'not for a page of elsewhere',
    relay: 'renewing',
    headers: { Cookie: cookies, Origin: 'https://evil.example' },
    status: 403,
    answerHeaders: NONE,
  },
  { name: 'not unless it is asked for', headers: { Cookie: cookies }, status: 201, answerHeaders: NONE },
];
