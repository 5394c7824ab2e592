import { attribute, type Decision } from '../campaign/attribution.ts';
import { selectCampaign, withoutExpired } from '../campaign/payload.ts';
import type { Attribution, Visit } from '../campaign/rules.ts';
import type { Settings } from '../options/options.ts';
import type { RecordStore } from '../storage/record-store.ts';
import { toAttribution } from './records.ts';

/** The options on which the campaign depends that is sent. */
export type CampaignSettings = Pick<Settings, 'attribution' | 'campaignMaxAge'>;

/** Loads the visitor's touches. */
export const loadTouches = (records: RecordStore): Attribution => toAttribution(records.load('campaign'));

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
  const { attribution, ...result } = attribute(touches, visit, rules);
  records.save('campaign', attribution);
  return result;
}

/** Marks a touch as delivered, if the visitor still has it. */
export function markTouchDelivered(records: RecordStore, touch: number | undefined): void {
  const touches = loadTouches(records);
  if (touch && [touches.first?.at, touches.last?.at].includes(touch))
    records.save('campaign', { ...touches, delivered: touch });
}
