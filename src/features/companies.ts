import { selectCampaign, withoutExpired } from '../campaign/payload.ts';
import { toAttribution } from '../identity/records.ts';
import { createSentUpdates } from '../identity/sent-updates.ts';
import type { Settings } from '../options/options.ts';
import { copyOf, toText } from '../shared/json.ts';
import type { Entry, JsonObject } from '../shared/types.ts';
import type { RecordStore } from '../storage/record-store.ts';

/** The record of the company's last update, and of the touch that was delivered with it. */
const RECORD = 'company';

/**
 * Makes the profile of a company, whose updates keep their order among themselves. Its control character is in no
 * user's id.
 */
const profileOf = (companyId: string) => `company:\0${companyId}`;

/** Data of a company, as a call gives it. */
export interface CompanyFields {
  company_domain?: string | undefined;
  session_token?: string | undefined;
  metadata?: JsonObject | undefined;
}

export const isCompany = (body: JsonObject): boolean =>
  !('user_id' in body || 'anonymous_id' in body || 'action_name' in body);

/** Makes the visitor's company, which is sent the campaign that the visitor came by. */
export function createCompanies(store: RecordStore, now: () => number, settings: Settings) {
  const said = createSentUpdates(store, RECORD, now);
  const campaign = () => {
    const known = toAttribution(store.load('campaign'));
    return selectCampaign(withoutExpired(known, now(), settings.campaignMaxAge), settings.attribution);
  };
  return {
    hasChanged: said.hasChanged,
    /** Makes an update in the API's shape, its fields in the documented order. */
    toCompanyUpdate(
      companyId: string,
      at: number,
      { company_domain, session_token, metadata }: CompanyFields,
    ) {
      const sending = campaign();
      const isDue = sending && store.load(RECORD)?.delivered !== sending.touch.at;
      const body = {
        company_id: companyId,
        company_domain,
        session_token,
        campaign: isDue ? sending.campaign : undefined,
        metadata,
      };
      const entry: Omit<Entry, 'id'> = {
        kind: 'companies',
        profile: profileOf(companyId),
        body: copyOf(body),
        at,
      };
      return entry;
    },
    /** Records that an update has arrived. Its campaign need not be sent again, nor its data of the company. */
    markDelivered(body: JsonObject): void {
      const sending = campaign();
      if (body.campaign && sending && toText(body.campaign) === toText(sending.campaign))
        store.save(RECORD, { ...store.load(RECORD), delivered: sending.touch.at });
      said.markDelivered(body);
    },
  };
}
