import { expect } from 'vitest';
import type { Case } from '../case.ts';
import { VISITOR } from '../client.ts';

const from = (ip_address: string | undefined) => ({ arrives: [{ body: { ip_address } }] });
const forwarded = (...list: string[]) => ({ headers: { 'X-Forwarded-For': list } });

const NO_ADDRESS = expect.not.objectContaining({ ip_address: expect.anything() });

/** Whose address the update has. */
export const VISITORS: readonly Case[] = [
  { name: 'the visitor is who connects', status: 201, ...from(VISITOR) },
  { name: 'whatever the visitor claims', ...forwarded('8.8.8.8'), status: 201, ...from(VISITOR) },
  {
    name: 'in the body, too',
    body: user_id => ({ user_id, ip_address: '8.8.8.8', user_agent_string: 'Other' }),
    status: 201,
    arrives: [{ body: { ip_address: VISITOR, user_agent_string: 'Firefox' } }],
  },
  {
    name: 'behind one proxy the visitor is whom it saw',
    relay: 'proxied',
    ...forwarded('8.8.8.8, 203.0.113.9'),
    status: 201,
    ...from('203.0.113.9'),
  },
  {
    name: 'in two headers of that name, as in one',
    relay: 'proxied',
    ...forwarded('8.8.8.8', '203.0.113.9'),
    status: 201,
    ...from('203.0.113.9'),
  },
  {
    name: 'by IPv6',
    relay: 'proxied',
    ...forwarded('[2001:db8::7]:4711'),
    status: 201,
    ...from('2001:db8::7'),
  },
  {
    name: 'by Forwarded',
    relay: 'proxied',
    headers: { Forwarded: 'for=8.8.8.8, for="[2001:db8::7]";proto=https' },
    status: 201,
    ...from('2001:db8::7'),
  },
  {
    name: 'and where the proxy tells no address, it is the connection',
    relay: 'proxied',
    ...forwarded('8.8.8.8, unknown'),
    status: 201,
    ...from(VISITOR),
    // A Worker learns who connects by `CF-Connecting-IP` alone, which this relay was told not to look at.
    except: { 'Cloudflare Workers': { arrives: [{ body: NO_ADDRESS }] } },
  },
  {
    name: 'a header by name counts alone',
    relay: 'named',
    headers: { 'X-Real-IP': '203.0.113.9', 'X-Forwarded-For': '8.8.8.8' },
    status: 201,
    ...from('203.0.113.9'),
  },
  {
    name: 'the host that a proxy tells is the site’s own',
    relay: 'proxied',
    headers: { Host: 'backend.internal', 'X-Forwarded-Host': 'www.example.test' },
    status: 201,
  },
  {
    name: 'and without trust it is not',
    headers: { Host: 'backend.internal', 'X-Forwarded-Host': 'www.example.test' },
    status: 403,
  },
];
