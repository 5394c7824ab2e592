import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import { respond } from '../../../test/relay/world.ts';
import { eventually } from '../../eventually.ts';
import { type Case, type Stage, whereParsed } from '../case.ts';
import { answerTo, open, type Sent, send } from '../client.ts';

const half = { 'Content-Length': '100' };

/** Sends half of a body, and resolves with the request once it is on its way. */
async function sendHalf({ port }: Stage, { body, ...head }: Sent) {
  const sent = open(port, { ...head, headers: { ...head.headers, ...half } });
  const answer = answerTo(sent);
  // Who breaks off hears of it, too.
  answer.catch(() => {});
  sent.write(body);
  await once(sent, 'socket');
  return { sent, answer };
}

/** Sends half of a body, and the rest after the relay's own time. */
async function sendSlowly(stage: Stage, sent: Sent) {
  const { sent: slow, answer } = await sendHalf(stage, sent);
  await sleep(800);
  slow.end(' '.repeat(100 - `${sent.body}`.length));
  return answer;
}

/** Visitors who are slow, leave, or come all at once. */
export const CONNECTIONS: readonly Case[] = [
  {
    name: '408 for a body that does not arrive in time',
    relay: 'impatient',
    play: async (stage, sent) => (await sendHalf(stage, sent)).answer,
    status: 408,
    error: /did not arrive in time/,
    // The parser waits for it, by the framework's own limits.
    ...whereParsed({ play: sendSlowly, status: 201 }),
  },
  {
    name: 'half a body of who leaves is no update, and harms nobody',
    play: async (stage, message) => {
      const { sent } = await sendHalf(stage, message);
      await sleep(100);
      sent.destroy();
      await sleep(100);
      expect(stage.got()).toEqual([]);
      return send(stage.port, message);
    },
    status: 201,
  },
  {
    name: 'who leaves before the answer is sent to all upstreams, to the end',
    relay: 'crm',
    upstream: (response, { method }) =>
      // Two requests one after the other: the page is gone before the second.
      setTimeout(
        respond(method === 'PUT' ? 404 : 201, { 'Content-Type': 'application/json' }),
        150,
        response,
      ),
    play: async (stage, { body, ...head }) => {
      const sent = open(stage.port, head);
      answerTo(sent).catch(() => {});
      sent.end(body);
      await eventually(() => expect(stage.got()).toHaveLength(1));
      sent.destroy();
      await eventually(() => expect(stage.got()).toHaveLength(2));
      return send(stage.port, { ...head, method: 'GET' });
    },
    status: 405,
    arrives: [{ method: 'PUT' }, { method: 'POST', path: '/api/public/users/' }],
  },
  {
    name: 'forty at once are each answered for their own',
    play: async (stage, sent) => {
      const bodies = Array.from({ length: 40 }, (_, n) => ({
        user_id: stage.userId,
        metadata: { n: n % 2 ? n : '' },
      }));
      const posts = bodies.map((body, n) =>
        send(stage.port, { ...sent, body: n % 4 ? JSON.stringify(body) : '{' }),
      );
      const statuses = (await Promise.all(posts)).map(({ status }) => status);
      expect(statuses).toEqual(bodies.map((_, n) => (n % 4 ? 201 : 400)));
      const arrived = stage.got().map(({ body }) => body.metadata.n);
      expect(new Set(arrived)).toEqual(
        new Set(bodies.filter((_, n) => n % 4).map(({ metadata }) => metadata.n)),
      );
      expect(arrived).toHaveLength(30);
      return send(stage.port, { ...sent, method: 'GET', body: '' });
    },
    status: 405,
    arrives: Array(30).fill({}),
  },
];
