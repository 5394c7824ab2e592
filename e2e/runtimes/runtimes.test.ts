import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { freePort } from '../../test/free-port.ts';
import { type Got, openServer, type Rule, respond, TOKEN } from '../../test/relay/world.ts';
import { areInstalled } from '../install-packages.ts';
import type { Project } from '../packed.ts';
import type { Case, Stage } from './case.ts';
import { CASES } from './cases.ts';
import { type Answer, send } from './client.ts';
import { APPLICATION_ID } from './programs.ts';
import { createRelayProject, writeProgram } from './project.ts';
import { RUNTIMES, type Running } from './runtimes.ts';

const isThere = areInstalled('runtimes');
test('the runtimes are installed, where they have to be: on a machine of continuous integration', () => {
  if (process.env.CI) expect(isThere).toBe(true);
  if (!isThere)
    console.warn(
      'NOT TESTED: the relay on Workers, Deno, Bun, Express and Fastify; with a network, run npm run test:runtimes.',
    );
});

let api: Awaited<ReturnType<typeof openServer>>;
let project: Project;
const rules = new Map<string, Rule>();
const idOf = ({ path, body }: Got): string => {
  const [first = body] = Array.isArray(body) ? body : [];
  return (
    first?.user_id ?? first?.company_id ?? decodeURIComponent(/users-by-id\/(.*)\//.exec(path)?.[1] ?? '')
  );
};

beforeAll(async () => {
  if (!isThere) return;
  api = await openServer((response, got) => (rules.get(idOf(got)) ?? respond(201))(response, got));
  project = createRelayProject(api.url, TOKEN);
});
afterAll(async () => {
  project?.remove();
  await api?.close();
});

const asBody = (body: unknown) =>
  typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body);

function expectAnswer({ status, error, answerHeaders = {} }: Case, answer: Answer, isHead: boolean): void {
  expect(answer.status, answer.text).toBe(status);
  if (answer.status !== 204 && !isHead) {
    expect(answer.headers['content-type']).toMatch(/^application\/json\b/);
    expect(JSON.parse(answer.text)).toMatchObject(
      answer.status < 300 ? {} : { error: expect.stringMatching(error ?? /\.$/) },
    );
  }
  for (const [name, value] of Object.entries(answerHeaders)) {
    if (value) expect(answer.headers[name]).toMatch(value);
    else expect(answer.headers).not.toHaveProperty(name);
  }
}

/** Plays a case on a runtime. */
async function play(one: Case, port: number, userId: string): Promise<void> {
  const { relay, method = 'POST', path = '/v1/users', headers = {}, body = id => ({ user_id: id }) } = one;
  const stage: Stage = { port, userId, got: () => api.got.filter(got => idOf(got) === userId) };
  if (one.upstream) rules.set(userId, one.upstream);
  const sent = {
    method,
    path: `/t${relay ? `/${relay}` : ''}${path}`,
    headers,
    body: asBody(body(userId)),
  };
  const answer = await (one.play?.(stage, sent) ?? send(port, sent));
  expectAnswer(one, answer, method === 'HEAD');
  expect(`${JSON.stringify(answer.headers)}${answer.text}`).not.toMatch(
    new RegExp(`${APPLICATION_ID}|${TOKEN}`),
  );
  const isPassedOn = answer.status < 300 || one.upstream;
  const got = one.mayRepeat ? stage.got().slice(0, 1) : stage.got();
  expect(got).toMatchObject(one.arrives ?? (isPassedOn ? [{}] : []));
}

for (const runtime of isThere ? RUNTIMES : [])
  describe(runtime.name, () => {
    const slug = runtime.name.toLowerCase().replaceAll(' ', '-');
    let port: number;
    let running: Running;
    beforeAll(async () => {
      port = await freePort();
      const file = writeProgram(project, `${slug}.mjs`, runtime.program);
      running = await runtime.start(project, file, port);
    });
    afterAll(() => running?.stop());

    for (const [group, cases] of Object.entries(CASES))
      describe(group, () => {
        for (const [n, one] of cases.entries())
          test.concurrent(
            one.name,
            () =>
              play(
                { ...one, ...one.except?.[runtime.name] },
                port,
                `${slug}/${group[0]}${group.length}/${n}`,
              ),
            15_000,
          );
      });

    test('no secret is on the console', () => {
      expect(running.said.join('')).not.toMatch(new RegExp(`${APPLICATION_ID}|${TOKEN}`));
    });
  });
