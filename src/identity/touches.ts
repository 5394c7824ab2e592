import { attribute, type Decision } from '../campaign/attribution.ts';
import { selectCampaign, withoutExpired } from '../campaign/payload.ts';
import type { Attribution, Visit } from '../campaign/rules.ts';
import type { Settings } from '../options/options.ts';
import type { RecordStore } from '../storage/record-store.ts';
import { toAttribution } from './records.ts';

/** The options on which the campaign depends that is sent. */
export type CampaignSettings = Pick<Settings, 'attribution' | 'campaignMaxAge'>;

/** The record of the visit, and of what was sent. Pages write it often; where it is lost, something is sent once more. */
export const STATE = 'state';

/** Loads the visitor's touches. */
export const loadTouches = (records: RecordStore): Attribution =>
  toAttribution({ ...records.load('campaign'), ...records.load(STATE) });

/** Saves these fields of the state. */
export const saveState = (
  records: RecordStore,
  fields: Partial<Pick<Attribution, 'lastActivityAt' | 'announced' | 'delivered'>> & { debug?: unknown },
): void => records.save(STATE, { ...records.load(STATE), ...fields });

/** Selects the campaign that is sent, and returns it with the touches that are not too old. */
export function selectFresh(
  records: RecordStore,
  now: number,
  { campaignMaxAge, attribution }: CampaignSettings,
): [selected: ReturnType<typeof selectCampaign>, fresh: ReturnType<typeof withoutExpired>] {
  const fresh = withoutExpired(loadTouches(records), now, campaignMaxAge);
  return [selectCampaign(fresh, attribution), fresh];
}

/** Attributes a visit to a visitor with these touches. Returns the decision, and what was found in its URL. */
export function attributeVisit(
  records: RecordStore,
  touches: Attribution,
  visit: Visit,
  settings: Settings,
): { decision: Decision; campaignKey: string } {
  const rules = { ...settings, site: records.site() };
  const {
    attribution: { first, last, count, lastActivityAt },
    ...result
  } = attribute(touches, visit, rules);
  // Only where they have changed: a server may have made the cookie last longer than a page can.
  if (result.decision.campaign) records.save('campaign', { first, last, count });
  saveState(records, { lastActivityAt });
  return result;
}

/** Marks a touch as delivered, if the visitor still has it. */
export function markTouchDelivered(records: RecordStore, touch: number | undefined): void {
  const touches = loadTouches(records);
  if (touch && [touches.first?.at, touches.last?.at].includes(touch))
    saveState(records, { delivered: touch });
}
