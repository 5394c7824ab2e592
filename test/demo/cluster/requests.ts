import { READ_TOKEN } from '../collector-processes.ts';

/** Reads from a collector, or from nginx before it. */
export const readFrom = (port: number, path: string): Promise<Response> =>
  fetch(`http://127.0.0.1:${port}${path}`, { headers: { Authorization: `Bearer ${READ_TOKEN}` } });

/** Sends an update of a user. */
export const postTo = (port: number, body: unknown): Promise<Response> =>
  fetch(`http://127.0.0.1:${port}/v1/users`, {
    method: 'POST',
    headers: { 'X-Moesif-Application-Id': 'cluster' },
    body: JSON.stringify(body),
  });

/** Follows the live page's events of a collector. Returns what has come so far. */
export async function followEvents(port: number) {
  const response = await readFrom(port, '/events');
  const reader = (response.body as ReadableStream<Uint8Array>).getReader();
  const texts: string[] = [];
  const decoder = new TextDecoder();
  void (async () => {
    for (let part = await reader.read(); !part.done; part = await reader.read())
      texts.push(decoder.decode(part.value, { stream: true }));
  })().catch(() => {});
  return {
    /** Whether an event has named this user. */
    names: (userId: string) => texts.join('').includes(`"user_id":"${userId}"`),
    end: () => reader.cancel().catch(() => {}),
  };
}
