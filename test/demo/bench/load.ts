import { connect } from 'node:net';

/** The secret for reading. */
export const READ_TOKEN = 'the-read-token-of-the-benchmark';

/** A load: requests over so many connections, each waiting for its answer before the next. */
export interface Load {
  port: number;
  connections: number;
  /** The duration in milliseconds. The first tenth warms up and is not counted. */
  duration: number;
  applicationId: string;
  /** What is asked: updates of so many users, batches of 100 of them, or these paths in turn. */
  requests: { kind: 'upsert' | 'batch'; users: number } | { kind: 'read'; paths: string[] };
}

/** The result of a load. */
export interface Measured {
  /** The duration of each counted request, in milliseconds. */
  latencies: number[];
  /** Milliseconds in which they were counted. */
  duration: number;
  /** Answers that were no success. */
  failures: number;
}

/** The number of items of a batch. */
export const BATCH = 100;

/** Returns what a browser sends when somebody logs in. */
export function bodyOf(user: number, round: number) {
  return {
    user_id: `user-${user}`,
    anonymous_id: `visitor-${user}`,
    campaign: { utm_source: 'newsletter', utm_medium: 'email', utm_campaign: `spring-${user % 20}` },
    metadata: {
      email: `user-${user}@example.com`,
      name: `User ${user}`,
      plan: 'pro',
      logins: round,
      sales: { stage: 'customer', owner: 'mary@example.com' },
    },
  };
}

/** Repeats `work`, so many at once. */
export async function repeat(
  { connections, duration }: Pick<Load, 'connections' | 'duration'>,
  open: () => Promise<(round: number) => Promise<boolean>>,
): Promise<Measured> {
  const latencies: number[] = [];
  let failures = 0;
  const begin = performance.now();
  const loop = async () => {
    const work = await open();
    for (let round = 0; performance.now() < begin + duration; round++) {
      const sent = performance.now();
      if (!(await work(round))) failures++;
      if (sent >= begin + duration / 10) latencies.push(performance.now() - sent);
    }
  };
  await Promise.all(Array.from({ length: connections }, loop));
  return { latencies, duration: duration * 0.9, failures };
}

function requestOf({ requests, applicationId }: Load, round: number): string {
  if (requests.kind === 'read') {
    const path = requests.paths[round % requests.paths.length] as string;
    const separator = path.includes('?') ? '&' : '?';
    return `GET ${path}${separator}application_id=${applicationId} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${READ_TOKEN}\r\n\r\n`;
  }
  const one = () => bodyOf(Math.floor(Math.random() * requests.users), round);
  const isBatch = requests.kind === 'batch';
  const body = JSON.stringify(isBatch ? Array.from({ length: BATCH }, one) : one());
  const length = Buffer.byteLength(body);
  const head = `Content-Type: application/json\r\nX-Moesif-Application-Id: ${applicationId}\r\nContent-Length: ${length}`;
  return `POST /v1/users${isBatch ? '/batch' : ''} HTTP/1.1\r\nHost: localhost\r\n${head}\r\n\r\n${body}`;
}

// A socket and no HTTP client: what the client costs is taken from the server on the same cores.
function openConnection(load: Load): Promise<(round: number) => Promise<boolean>> {
  return new Promise((resolve, reject) => {
    const socket = connect(load.port, '127.0.0.1').setNoDelay(true).setEncoding('latin1');
    let settle: (isSuccess: boolean) => void = () => {};
    let chunks: string[] = [];
    let size = 0;
    // Bytes of the whole answer, once its head is there.
    let whole = Number.POSITIVE_INFINITY;
    socket.on('data', text => {
      chunks.push(String(text));
      size += text.length;
      if (whole === Number.POSITIVE_INFINITY) {
        const answer = chunks.join('');
        const head = answer.indexOf('\r\n\r\n');
        const length = /content-length: (\d+)/i.exec(answer)?.[1];
        if (head !== -1 && length === undefined) reject(new Error(`No length: ${answer.slice(0, head)}`));
        if (head !== -1) whole = head + 4 + Number(length);
      }
      if (size >= whole) settle(/^HTTP\/1\.1 20[01] /.test(chunks[0] ?? ''));
    });
    socket.once('error', reject);
    socket.once('connect', () =>
      resolve(round => {
        chunks = [];
        size = 0;
        whole = Number.POSITIVE_INFINITY;
        socket.write(requestOf(load, round));
        return new Promise(next => {
          settle = next;
        });
      }),
    );
  });
}

// In a process of its own, as the visitors are.
process.once('message', (load: Load) => {
  void repeat(load, () => openConnection(load)).then(measured =>
    process.send?.(measured, () => process.exit()),
  );
});
