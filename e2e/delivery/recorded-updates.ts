import type { Options } from '../../src/options/options.ts';
import type { Call, Client } from './client.ts';
import { callKey, type Summary, summarize, type Update, type Value } from './summarize.ts';
import type { Sites } from './test-site.ts';

/** Records what one visitor's pages say, beside what their collector stores. */
export function recordUpdates(sites: Sites, name: string, wanted?: Partial<Options>, using?: Client) {
  const { collector, client, init } = sites.prepare(name, wanted, using);
  const said: Update[] = [];
  let campaign: string | undefined;
  let calls = 0;

  const recorded = {
    name,
    collector,
    client,
    /** The statement that begins. */
    init,
    summarize: (): Summary => summarize(said, collector.stored()),

    /** Makes the next call. It counts from now on as made. */
    update(user = 'ada', value: Value = true, token?: string): Call {
      const call = calls++;
      said.push({ call, user, value, token, campaign });
      // It travels until it has been delivered, and need not with the calls after that.
      campaign = undefined;
      return [user, { [callKey(call)]: value, latest: call }, { sessionToken: token }];
    },
    /** Makes several of them. */
    updates: (count: number, user?: (n: number) => string): Call[] =>
      Array.from({ length: count }, (_, n) => recorded.update(user?.(n))),
    /** Makes the next call, which the collector is going to refuse: it is not expected to arrive. */
    refused(): Call {
      const call = recorded.update();
      said.pop();
      return call;
    },
    /** Returns the query by which a visitor arrives from a campaign. */
    land(): string {
      if (client.hasCampaign) campaign = name;
      return `?utm_source=${name}`;
    },

    /**
     * Returns an expression for a page: it begins where that has not happened, calls, and goes elsewhere, in
     * one task.
     */
    saying(calls: Call[], next?: string): string {
      const leave = next === 'close' ? 'close()' : next && `location.href = ${JSON.stringify(next)}`;
      // Not the receipts, which would be waited for.
      return `(() => { ${init}; ${calls.map(call => `void ${client.identify(call)};`).join(' ')} ${leave ?? ''} })()`;
    },
    /** Returns an expression that makes the calls when the page is left. */
    sayingOnLeaving: (calls: Call[]): string =>
      `addEventListener('pagehide', () => { ${calls.map(call => `void ${client.identify(call)};`).join(' ')} })`,
    /** Returns an expression that makes the calls and waits for what they return. */
    asking: (calls: Call[]): string => `Promise.all([${calls.map(client.identify)}]).then(() => {})`,
  };
  return recorded;
}
