import type { Settings } from '../options/options.ts';
import type { DeliveryEntry, Receipt } from '../shared/types.ts';
import type { Answer } from './facts.ts';

/** Answers that are kept. */
const KEPT = 20;

/** Names what an update is about, as the visitor's data has it. */
export const kindOf = ({ body }: Pick<DeliveryEntry, 'body'>): string =>
  'action_name' in body
    ? 'action'
    : 'user_id' in body
      ? 'user'
      : 'company_id' in body
        ? 'company'
        : 'visitor';

/**
 * Listens to the answers of a client from now on, newest first, without taking the site's own `onDelivery` from it.
 * `onAnswer` hears of each.
 */
export function listenToAnswers(settings: Settings, now: () => number, onAnswer: () => void): Answer[] {
  const answers: Answer[] = [];
  let own = settings.onDelivery;
  const listener = (receipt: Receipt, entry: DeliveryEntry) => {
    answers.unshift({ at: now(), id: entry.id, kind: kindOf(entry), receipt });
    answers.splice(KEPT);
    onAnswer();
    own(receipt, entry);
  };
  // A later init with the same options compares the function's text, and sets it anew.
  Object.assign(listener, { toString: () => `${own}` });
  Object.defineProperty(settings, 'onDelivery', {
    configurable: true,
    enumerable: true,
    get: () => listener,
    set(next: Settings['onDelivery']) {
      if (next !== listener) own = next;
    },
  });
  return answers;
}
