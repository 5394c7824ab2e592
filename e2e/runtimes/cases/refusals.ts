import { gzipSync } from 'node:zlib';
import { type Case, whereParsed } from '../case.ts';
import { VISITOR } from '../client.ts';

const metadata = (size: number) => (user_id: string) => ({ user_id, metadata: { text: 'x'.repeat(size) } });
const event = {
  request: {
    time: '2026-05-31T12:00:00.000Z',
    uri: 'https://www.example.test/api',
    verb: 'GET',
    headers: {},
  },
};
const action = { action_name: 'Opened', request: { uri: 'https://www.example.test/' } };

/** The answers that are the relay's own. */
export const REFUSALS: readonly Case[] = [
  { name: 'an update is answered 201', status: 201 },
  { name: 'as JSON, too', headers: { 'Content-Type': 'application/json' }, status: 201 },
  { name: 'a slash at the end of the address makes no difference', path: '/v1/users/', status: 201 },
  { name: 'nor do several', path: '/v1/users///', status: 201 },
  { name: 'nor does what is behind a question mark', path: '/v1/users?sent_at=1&x=%E0%A4%A', status: 201 },
  {
    name: 'a company goes to its own address',
    path: '/v1/companies',
    body: company_id => ({ company_id }),
    status: 201,
    arrives: [{ path: '/v1/companies' }],
  },
  {
    name: 'a batch of actions does, too',
    path: '/v1/actions/batch',
    body: user_id => [{ ...action, user_id }],
    status: 201,
    arrives: [{ path: '/v1/actions/batch' }],
  },
  {
    name: 'an API call has the visitor’s address',
    path: '/v1/events',
    body: user_id => ({ ...event, user_id }),
    status: 201,
    arrives: [{ path: '/v1/events', body: { request: { ...event.request, ip_address: VISITOR } } }],
  },
  {
    name: 'as does each of a batch',
    path: '/v1/events/batch',
    body: user_id => [{ ...event, user_id }],
    status: 201,
    arrives: [{ path: '/v1/events/batch', body: [{ request: { ip_address: VISITOR } }] }],
  },
  { name: '400 for a body that is no JSON', body: () => 'user_id=ada', status: 400, error: /not valid JSON/ },
  {
    name: '400 for no body',
    body: () => '',
    status: 400,
    error: /not valid JSON/,
    // It could be one that was read. Pages send none.
    ...whereParsed({ status: 500, error: /mount the relay before/ }),
  },
  { name: '400 for broken JSON', body: () => '{"user_id":', status: 400, error: /not valid JSON/ },
  {
    name: '400 for a body that is no UTF-8',
    // The é of Latin-1.
    body: user_id => Buffer.from(JSON.stringify({ user_id, metadata: { name: 'Zoé' } }), 'latin1'),
    status: 400,
    error: /UTF-8/,
    // The parser has replaced what is none.
    ...whereParsed({ status: 201 }),
  },
  { name: '400 for nobody', body: () => ({}), status: 400, error: /user_id or an anonymous_id/ },
  { name: '400 for a wrong type', body: () => ({ user_id: 7 }), status: 400, error: /^user_id must be/ },
  {
    name: '400 for a packed body, which no page sends',
    headers: { 'Content-Encoding': 'gzip' },
    body: user_id => gzipSync(JSON.stringify({ user_id })),
    status: 400,
    error: /not valid JSON/,
    // Its parsers unpack.
    except: { 'Express behind its parsers': { status: 201 } },
  },
  { name: '404 elsewhere', path: '/v1/sessions', status: 404, error: /nothing at this address/ },
  {
    name: '404 for what has no upstream',
    relay: 'crm',
    path: '/v1/companies',
    body: company_id => ({ company_id }),
    status: 404,
    error: /nowhere to send companies/,
  },
  {
    name: '202 for a visitor whom no upstream wants',
    relay: 'crm',
    body: anonymous_id => ({ anonymous_id }),
    status: 202,
    arrives: [],
  },
  ...['GET', 'HEAD', 'PUT', 'DELETE', 'PATCH'].map(
    (method): Case => ({
      name: `405 with Allow for ${method}`,
      method,
      body: () => '',
      status: 405,
      answerHeaders: { allow: /^POST, OPTIONS$/ },
    }),
  ),
  {
    name: '413 for a body that says it is too large',
    relay: 'strict',
    body: metadata(2000),
    status: 413,
    error: /at most 2000 bytes/,
  },
  { name: 'one just small enough is taken', relay: 'strict', body: metadata(1900), status: 201 },
  {
    name: '413 for one that does not say it',
    relay: 'strict',
    headers: { 'Transfer-Encoding': 'chunked' },
    body: metadata(3000),
    status: 413,
    error: /at most 2000 bytes/,
  },
  {
    name: 'one of nearly a megabyte is taken, in pieces as well',
    headers: { 'Transfer-Encoding': 'chunked' },
    body: metadata(2 ** 20 - 100),
    status: 201,
  },
  ...['application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'text/html', undefined].map(
    (type): Case => ({
      name: `415 for ${type ?? 'no content type'}`,
      headers: { 'Content-Type': type },
      status: 415,
      error: /text\/plain or application\/json/,
      // It has no parser for it, and refuses by itself.
      except: { Fastify: { error: /Unsupported Media Type/ } },
    }),
  ),
  {
    name: '503 where the secret is not set on the server',
    relay: 'unset',
    status: 503,
    error: /has no applicationId/,
  },
];
