import { connect } from 'node:net';

/** The secret for reading. */
export const READ_TOKEN = 'the-read-token-of-the-benchmark';

/** A load: requests over so many connections, each waiting for its answer before the next. */
export interface Load {
  port: number;
  connections: number;
  /** The duration in milliseconds. The first tenth warms up and is not counted. */
  duration: number;
  kind: 'upsert' | 'lookup';
  applicationId: string;
  /** The number of users to choose from. */
  users: number;
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

function requestOf({ kind, applicationId, users }: Load, round: number): string {
  const user = Math.floor(Math.random() * users);
  if (kind === 'lookup') {
    const path = `/profile?application_id=${applicationId}&user_id=user-${user}`;
    return `GET ${path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${READ_TOKEN}\r\n\r\n`;
  }
  const body = JSON.stringify(bodyOf(user, round));
  const length = Buffer.byteLength(body);
  const head = `Content-Type: application/json\r\nX-Moesif-Application-Id: ${applicationId}\r\nContent-Length: ${length}`;
  return `POST /v1/users HTTP/1.1\r\nHost: x\r\n${head}\r\n\r\n${body}`;
}

// A socket and no HTTP client: what the client costs is taken from the server on the same cores.
function openConnection(load: Load): Promise<(round: number) => Promise<boolean>> {
  return new Promise((resolve, reject) => {
    const socket = connect(load.port, '127.0.0.1').setNoDelay(true).setEncoding('latin1');
    let settle: (isSuccess: boolean) => void = () => {};
    let answer = '';
    socket.on('data', text => {
      answer += text;
      const head = answer.indexOf('\r\n\r\n');
      const length = Number(/content-length: (\d+)/i.exec(answer)?.[1] ?? 0);
      if (head !== -1 && answer.length >= head + 4 + length) settle(/^HTTP\/1\.1 20[01] /.test(answer));
    });
    socket.once('error', reject);
    socket.once('connect', () =>
      resolve(round => {
        answer = '';
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
