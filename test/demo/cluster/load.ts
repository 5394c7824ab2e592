import { request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

/** An update that was sent. */
export interface Sent {
  user: string;
  /** The sender's own key of the metadata. */
  key: string;
  /** Its number, from 0, for each sender. */
  n: number;
  /** The status that answered it; 0 for none. */
  status: number;
  /** The process that answered it. */
  process: string;
}

/**
 * Sends updates by nginx on and on. Two senders write to each user. Each sender waits for its answer, and then sends from another address of this machine,
 * so that another process may get it. It never sends an update again: one is there twice only where it was stored twice.
 */
export function startLoad(port: number, senders: number) {
  const sent: Sent[] = [];
  let isOver = false;
  const send = async (sender: number) => {
    for (let n = 0; !isOver; n++) {
      const update = { user: `user-${sender % (senders / 2)}`, key: `s${sender}`, n };
      const answer = await post(port, `127.1.${sender}.${1 + (n % 100)}`, {
        user_id: update.user,
        metadata: { [update.key]: n },
      });
      sent.push({ ...update, ...answer });
      if (answer.status > 201 || answer.status === 0) await sleep(20);
    }
  };
  const all = Promise.all(Array.from({ length: senders }, (_, sender) => send(sender)));
  return {
    sent,
    acknowledged: () => sent.filter(({ status }) => status === 200 || status === 201),
    async stop() {
      isOver = true;
      await all;
    },
  };
}

/** Updates that are being sent. */
export type Load = ReturnType<typeof startLoad>;

function post(port: number, localAddress: string, body: unknown): Promise<Pick<Sent, 'status' | 'process'>> {
  return new Promise(resolve => {
    const headers = { 'Content-Type': 'application/json', 'X-Moesif-Application-Id': 'cluster' };
    const options = { host: '127.0.0.1', port, localAddress, path: '/v1/users', method: 'POST', headers };
    const message = request(options, response => {
      response.resume();
      response.once('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          process: String(response.headers['x-process'] ?? ''),
        }),
      );
      response.once('error', () => resolve({ status: 0, process: '' }));
    });
    message.once('error', () => resolve({ status: 0, process: '' }));
    message.end(JSON.stringify(body));
  });
}
