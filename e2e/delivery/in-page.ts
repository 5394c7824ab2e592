import type { Options } from '../../src/options.ts';
import type { Receipt } from '../../src/types.ts';
import type { Call } from './ledger.ts';

// These run in a page, and so know nothing but what they are given.

/** Begins where that has not happened, calls, and goes elsewhere, all in one task. */
export function say({ options, calls, next }: { options: Options; calls: Call[]; next?: string }): void {
  window.utmost.init(options);
  for (const [id, metadata, more] of calls) void window.utmost.identifyUser(id, metadata, more);
  if (next === 'close') close();
  else if (next) location.href = next;
}

/** Calls, and waits for the receipts. */
export const ask = (calls: Call[]): Promise<Receipt[]> =>
  Promise.all(calls.map(call => window.utmost.identifyUser(...call)));

/** Calls while the page is left. */
export function sayOnLeaving(calls: Call[]): void {
  addEventListener('pagehide', () => {
    for (const call of calls) void window.utmost.identifyUser(...call);
  });
}
