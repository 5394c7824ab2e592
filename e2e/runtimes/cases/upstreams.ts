import { gzipSync } from 'node:zlib';
import { hang, type Rule, reset, respond } from '../../../test/relay/world.ts';
import type { Case } from '../case.ts';

const JSON_TYPE = { 'Content-Type': 'application/json' };
const HTML = { 'Content-Type': 'text/html; charset=utf-8' };
const PAGE = '<!doctype html><title>Sign in</title>';

/** Answers without end. */
const endless =
  (headers: Record<string, string>): Rule =>
  response => {
    response.writeHead(200, headers);
    const timer = setInterval(() => response.write('{"more":true}'.repeat(100)), 5);
    response.on('close', () => clearInterval(timer));
  };

/** Answers with a head, and no body after it. */
const headAlone: Rule = response => void response.writeHead(200, HTML).flushHeaders();

const answered = (status: number, headers = {}, body = '{}') => ({
  upstream: respond(status, { ...JSON_TYPE, ...headers }, body),
});

/** What becomes of an upstream's answer. */
export const UPSTREAMS: readonly Case[] = [
  { name: '200 for an upstream’s 200', ...answered(200), status: 200 },
  { name: '200 for its 204', upstream: respond(204, {}, ''), status: 200 },
  ...[400, 401, 402, 403, 404, 422, 500, 502, 503].map(
    (status): Case => ({
      name: `its ${status} as it is`,
      ...answered(status),
      status,
      error: new RegExp(`answered ${status}`),
      answerHeaders: { 'retry-after': undefined },
    }),
  ),
  ...[429, 503].map(
    (status): Case => ({
      name: `its ${status} with Retry-After`,
      ...answered(status, { 'Retry-After': '7' }),
      status,
      answerHeaders: { 'retry-after': /^7$/ },
    }),
  ),
  ...[301, 302, 303, 307, 308].map(
    (status): Case => ({
      name: `502 for its redirect by ${status}, which is not followed`,
      upstream: respond(status, { Location: '/elsewhere' }),
      status: 502,
      error: /a redirect/,
    }),
  ),
  {
    name: '502 for its redirect to nowhere',
    upstream: respond(302, { Location: 'http://:' }),
    status: 502,
    error: /a redirect/,
  },
  { name: '502 for its HTML', upstream: respond(200, HTML, PAGE), status: 502, error: /an HTML document/ },
  {
    name: '502 for its packed HTML',
    upstream: response =>
      response.writeHead(200, { ...HTML, 'Content-Encoding': 'gzip' }).end(gzipSync(PAGE)),
    status: 502,
    error: /an HTML document/,
  },
  {
    name: '503 for a refusal in HTML',
    upstream: respond(400, HTML, PAGE),
    status: 503,
    error: /not in JSON/,
  },
  {
    name: '503 for a 404 that is no JSON',
    upstream: respond(404, {}, 'no'),
    status: 503,
    error: /not in JSON/,
  },
  {
    name: '503 where it hangs',
    relay: 'impatient',
    upstream: hang,
    status: 503,
    error: /did not answer in time/,
  },
  {
    name: '503 where it hangs after its head',
    relay: 'impatient',
    upstream: headAlone,
    status: 503,
    error: /did not answer in time/,
  },
  {
    name: '503 where it breaks off',
    upstream: reset,
    status: 503,
    error: /could not be reached/,
    mayRepeat: true,
  },
  { name: 'an answer without end is not waited for', upstream: endless(JSON_TYPE), status: 200 },
  {
    name: 'nor is a document without end',
    upstream: endless({ ...HTML, 'X-Powered-By': 'PHP' }),
    status: 200,
  },
  {
    name: 'nothing of its answer is passed on',
    upstream: respond(
      400,
      { ...JSON_TYPE, 'Set-Cookie': 'a=1', 'X-Secret': '1' },
      '{"error":"the profile of Ada"}',
    ),
    status: 400,
    error: /^(?!.*Ada)/,
    answerHeaders: { 'set-cookie': undefined, 'x-secret': undefined },
  },
];
