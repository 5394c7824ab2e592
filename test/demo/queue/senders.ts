import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';

export const APPLICATION = 'queue-test';

/** Updates of a visitor before they are a user. */
export const ANONYMOUS = 3;

/** What senders sent, and what of it was acknowledged. */
export class Senders {
  /** Acknowledged numbers by sender, in their order. */
  readonly acknowledged = new Map<string, number[]>();
  readonly actions = new Set<string>();
  count = 0;
  #isOver = false;
  readonly #urls: readonly string[];

  constructor(urls: readonly string[]) {
    this.#urls = urls;
  }

  /**
   * Sends numbered updates of a person, one after the other. `patient` senders repeat an update until it is
   * acknowledged, as pages do. The others name no time, and go on with the next number.
   */
  async run(name: string, isPatient: boolean): Promise<void> {
    const numbers: number[] = [];
    this.acknowledged.set(name, numbers);
    for (let n = 1; !this.#isOver; n++) {
      const isAnonymous = n <= ANONYMOUS;
      const body = {
        anonymous_id: `visitor-${name}`,
        ...(!isAnonymous && { user_id: name }),
        ...(isPatient && { modified_time: new Date().toISOString() }),
        metadata: { n },
      };
      let isStored = await this.#send('/v1/users', body);
      // The first ones of everybody are repeated: whoever has not become a user has no other updates.
      while ((isPatient || isAnonymous) && !isStored && !this.#isOver) {
        await sleep(50);
        isStored = await this.#send('/v1/users', body);
      }
      if (!isStored) continue;
      numbers.push(n);
      this.count++;
      if (n % 10 === 0) await this.#act(name);
    }
  }

  /** Ends the senders after what they are sending. */
  end(): void {
    this.#isOver = true;
  }

  /** Sends an action, which its transaction keeps from being stored twice. */
  async #act(name: string): Promise<void> {
    const transaction_id = randomUUID();
    const body = {
      action_name: 'Ordered',
      user_id: name,
      transaction_id,
      request: { uri: 'https://shop.example/' },
    };
    while (!(await this.#send('/v1/actions', body))) {
      if (this.#isOver) return;
      await sleep(50);
    }
    this.actions.add(transaction_id);
  }

  async #send(path: string, body: object): Promise<boolean> {
    const url = this.#urls[Math.floor(Math.random() * this.#urls.length)];
    try {
      const answer = await fetch(`${url}${path}`, {
        method: 'POST',
        headers: { 'X-Moesif-Application-Id': APPLICATION },
        body: JSON.stringify(body),
      });
      await answer.arrayBuffer();
      if (answer.status !== 202 && answer.status !== 503) throw new TypeError(`HTTP ${answer.status}`);
      return answer.status === 202;
    } catch (error) {
      if (error instanceof TypeError && error.message.startsWith('HTTP')) throw error;
      return false;
    }
  }
}
