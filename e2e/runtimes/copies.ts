import type { ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../../test/free-port.ts';
import { type Got, openServer, respond } from '../../test/relay/world.ts';
import { startProgram } from './programs.ts';
import { createServerProject } from './project.ts';

/** A copy of the relay. */
interface Copy {
  port: number;
  isKilled: boolean;
  /** Ends it as a power cut would. */
  kill(): Promise<void>;
}

/** An update that has come to the upstream by a copy. */
export interface Arrival {
  userId: string;
  copy: number;
  /** True if the copy still ran when it was answered. What is not answered counts as not stored, either. */
  isStored: boolean;
}

/** Milliseconds from a request to the upstream's answer, so that every copy always has some under way. */
const DELAY = 60;

/**
 * Starts copies of a program, which know nothing of each other, and the upstream that all of them send to. The copy that
 * brings arrival number `killAt` is killed before that is answered.
 */
export async function startCopies(count: number, code: string, killAt: number) {
  const arrivals: Arrival[] = [];
  const copies: Copy[] = [];
  const answer = async (response: ServerResponse, { path, body }: Got) => {
    const arrival = { userId: body.user_id, copy: Number(path.match(/\d+/)), isStored: false };
    arrivals.push(arrival);
    if (arrivals.length === killAt) await copies[arrival.copy]?.kill();
    else await sleep(DELAY);
    if (copies[arrival.copy]?.isKilled) return;
    arrival.isStored = true;
    respond(201)(response, {} as Got);
  };
  const api = await openServer((response, got) => void answer(response, got));
  const project = createServerProject();
  const start = async (_: unknown, n: number) => {
    const options = `upstream: '${api.url}/copy-${n}', trustProxy: 1,`;
    const program = code.replace(/create\w*Relay\(\{/, `$& ${options}`);
    if (!program.includes(options)) throw new Error(`There is no relay in this program: ${code}`);
    const file = project.write(`copy-${n}.mjs`, program);
    const port = await freePort();
    const { stop } = await startProgram([process.execPath, file], port);
    copies[n] = {
      port,
      isKilled: false,
      async kill() {
        this.isKilled = true;
        await stop();
      },
    };
  };
  const close = async () => {
    await Promise.all(copies.map(copy => copy.kill()));
    await api.close();
    project.remove();
  };
  return { arrivals, copies, start: () => Promise.all(Array.from({ length: count }, start)), close };
}
