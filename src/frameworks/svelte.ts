import { type Readable, readable } from 'svelte/store';
import type { Campaign } from 'utmost';
import { watchCampaign } from './watch-campaign.ts';

/**
 * The campaign that the user is given, as a store: `$campaign` in a component. It is set when the campaign is known or
 * has changed, as `watchCampaign` tells it. Undefined where there is none, before it is known, and on a server.
 */
export const campaign: Readable<Campaign | undefined> = /* @__PURE__ */ readable<Campaign | undefined>(
  undefined,
  set => watchCampaign(set),
);
