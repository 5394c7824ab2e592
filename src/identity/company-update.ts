import { copyOf, toText } from '../shared/json.ts';
import type { Entry, JsonObject } from '../shared/types.ts';
import type { RecordStore } from '../storage/record-store.ts';
import { createSentUpdates } from './sent-updates.ts';
import { type CampaignSettings, selectFresh } from './touches.ts';

/** The record of the company's last update, and of the touch that was delivered with it. */
export const COMPANY = 'company';

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

/** Makes the visitor's company, which is sent the campaign that the visitor came by. */
export function createCompanyUpdates(records: RecordStore, now: () => number, settings: CampaignSettings) {
  const sentUpdates = createSentUpdates(records, COMPANY, now);
  const select = () => selectFresh(records, now(), settings)[0];
  return {
    hasChanged: sentUpdates.hasChanged,
    /** Makes an update in the API's shape, its fields in the documented order. */
    toCompanyUpdate(
      companyId: string,
      at: number,
      { company_domain, session_token, metadata }: CompanyFields,
    ) {
      const selected = select();
      const isDue = selected && records.load(COMPANY)?.delivered !== selected.touch.at;
      const body = {
        company_id: companyId,
        company_domain,
        session_token,
        campaign: isDue ? selected.campaign : undefined,
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
      const selected = select();
      if (body.campaign && selected && toText(body.campaign) === toText(selected.campaign))
        records.save(COMPANY, { ...records.load(COMPANY), delivered: selected.touch.at });
      sentUpdates.markDelivered(body);
    },
  };
}
