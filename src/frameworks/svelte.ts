import { type Readable, readable } from 'svelte/store';
import type { Campaign } from 'utmost';
import { seenCampaign, watchCampaign } from './watch-campaign.ts';

/**
 * The campaign that the user is given, as a store: `$campaign` in a component. It is set when the campaign is known or
 * has changed; a change is seen within a second. Undefined where there is none, before it is known, and on a server.
 */
export const campaign: Readable<Campaign | undefined> = /* @__PURE__ */ readable<Campaign | undefined>(
  undefined,
  set => watchCampaign(() => set(seenCampaign())),
);
