import type { Client } from '../../client/client.ts';
import type { Feature } from '../../client/feature.ts';
import { toIdentity } from '../../identity/records.ts';
import type { Settings } from '../../options/options.ts';
import { type Incoming, takeIncoming } from './incoming.ts';
import { createLinker } from './linker.ts';
import { type CrossDomainOptions, type CrossDomainSettings, normalizeCrossDomain } from './options.ts';
import { takeParameter } from './url.ts';
import { forgetTokens } from './used-tokens.ts';

export interface CrossDomainOption {
  /** Sites on other domains that are to know a visitor as the same one. Default: none. */
  crossDomain?: CrossDomainOptions | undefined;
}

export interface CrossDomainMethods {
  /**
   * Adds the visitor's token to a URL that leads to one of `crossDomain.domains`. The token is good for two minutes:
   * call this right before `location` or `window.open` takes the URL.
   *
   * @param url An address, absolute or relative.
   * @returns The URL with the token; any other URL as it is.
   */
  decorateUrl(url: string): string;
}

type Linked = Settings & { crossDomain?: CrossDomainSettings | undefined };

/** Lets other sites of the same owner know a visitor as the same one. */
export const crossDomain: Feature<Linked, Client & CrossDomainMethods> = {
  checks: { crossDomain: ['', normalizeCrossDomain] },
  create({ client, context, page: { now, uuid } }) {
    let linker: ReturnType<typeof createLinker> | undefined;
    let incoming: Incoming | undefined;
    return {
      methods: { decorateUrl: url => linker?.decorateUrl(url) ?? url },
      begin({ settings }) {
        if (settings.crossDomain)
          linker = createLinker(settings.crossDomain, { anonymousId: client.getAnonymousId, now });
      },
      findVisitor({ records }) {
        if (!incoming) return;
        const known = toIdentity(records.load('id'));
        records.save('id', incoming.adopt({ ...known, anonymousId: known.anonymousId ?? uuid() }));
        incoming = undefined;
      },
      toVisit(visit) {
        const { settings, isMemoryOnly } = context() ?? {};
        if (!settings?.crossDomain) return visit;
        // Where nothing is kept, each use of a token is the first.
        incoming ??= takeIncoming(settings.crossDomain, now, isMemoryOnly ? () => true : undefined);
        return { ...visit, url: takeParameter(visit.url, settings.crossDomain.parameter).url };
      },
      onErase: forgetTokens,
    };
  },
};
