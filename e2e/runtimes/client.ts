import { type OutgoingHttpHeaders, request } from 'node:http';
import { text } from 'node:stream/consumers';

/** The site whose relay it is, and the address of its visitor. Linux alone has more than one loopback address. */
export const SITE = 'https://www.example.test';
export const VISITOR = process.platform === 'linux' ? '127.0.0.2' : '127.0.0.1';

/** A request as a page sends it, unless a case says otherwise; a header that is `undefined` is left out. */
export interface Sent {
  method?: string;
  path?: string;
  headers?: Record<string, string | string[] | undefined>;
  body?: string | Uint8Array;
}

export interface Answer {
  status: number;
  headers: Record<string, string>;
  text: string;
}

const PAGE = {
  Host: new URL(SITE).host,
  Origin: SITE,
  'Content-Type': 'text/plain;charset=UTF-8',
  'User-Agent': 'Firefox',
};

/** Opens a request at a relay: its head has been told, and its body is the caller's to send. */
export function open(port: number, { method = 'POST', path = '/t/v1/users', headers = {} }: Sent) {
  const given = Object.entries({ ...PAGE, ...headers }).filter(([, value]) => value !== undefined);
  return request({
    host: '127.0.0.1',
    port,
    path,
    method,
    localAddress: process.platform === 'linux' ? VISITOR : undefined,
    agent: false,
    headers: Object.fromEntries(given) as OutgoingHttpHeaders,
    // Ends a case whose runtime does not answer.
    timeout: 10_000,
  });
}

/** Resolves with the answer to a request, at the latest when it has timed out. */
export const answerTo = (sent: ReturnType<typeof open>): Promise<Answer> =>
  new Promise((resolve, reject) => {
    sent
      .on('timeout', () => sent.destroy(new Error('The runtime did not answer.')))
      .on('error', reject)
      .on('response', response => {
        const { statusCode: status = 0, headers } = response;
        const all = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, `${value}`]));
        text(response).then(text => resolve({ status, headers: all, text }), reject);
      });
  });

/** Sends a request in one piece, and resolves with the answer. */
export function send(port: number, { body, ...head }: Sent): Promise<Answer> {
  const sent = open(port, head);
  const answer = answerTo(sent);
  sent.end(body);
  return answer;
}
