import type { Options } from '../../src/options.ts';
import type { IdentifyOptions } from '../../src/types.ts';
import type { Sites } from './lab.ts';
import { callKey, type Tally, tally, type Update, type Value } from './tally.ts';

/** The arguments of one `identifyUser`. */
export type Call = [userId: string, metadata: Record<string, Value | number>, options: IdentifyOptions];

/** What one visitor's pages say, beside what their collector stores. */
export function openLedger(sites: Sites, name: string, wanted: Partial<Options> = {}) {
  const { collector, options } = sites.prepare(name, wanted);
  const said: Update[] = [];
  let campaign: string | undefined;
  let calls = 0;

  const ledger = {
    name,
    collector,
    options,
    tally: (): Tally => tally(said, collector.stored()),

    /** The next call. It counts from now on as made. */
    update(user = 'ada', value: Value = true, token?: string): Call {
      const call = calls++;
      said.push({ call, user, value, token, campaign });
      // It travels until it has been delivered, and need not with the calls after that.
      campaign = undefined;
      return [user, { [callKey(call)]: value, latest: call }, { sessionToken: token }];
    },
    /** Several of them. */
    updates: (count: number, user?: (n: number) => string): Call[] =>
      Array.from({ length: count }, (_, n) => ledger.update(user?.(n))),
    /** The next call, which the collector is going to refuse: it is not expected to arrive. */
    refused(): Call {
      const call = ledger.update();
      said.pop();
      return call;
    },
    /** The query by which a visitor arrives from a campaign. */
    land(): string {
      campaign = name;
      return `?utm_source=${name}`;
    },
  };
  return ledger;
}
