import type { Client } from '../client/client.ts';
import { NOBODYS } from '../client/core-methods.ts';
import type { Feature } from '../client/feature.ts';
import { normalizeId } from '../identity/ids.ts';
import { createSentUpdates } from '../identity/sent-updates.ts';
import { selectFresh } from '../identity/touches.ts';
import type { Settings } from '../options/options.ts';
import { copyOf, toText } from '../shared/json.ts';
import type { Jsonable } from '../shared/jsonable.ts';
import { dropped } from '../shared/receipt.ts';
import type { Entry, JsonObject, Receipt, UserMetadata } from '../shared/types.ts';
import type { RecordStore } from '../storage/record-store.ts';
import { forgetRecord } from './forget-record.ts';
import type { SessionMethods } from './sessions.ts';

/** Data of a company or an action: a JSON object of at most 1 MB. Dots in keys become underscores, as on the server. */
export type Metadata = object;

export interface CompanyMethods {
  /**
   * Identifies the visitor's company: one update of the company's profile. The campaign is sent along until one has
   * been delivered with it. A user identified before gets an update of their own, which links them.
   *
   * @param companyId The company's permanent id: a text of at most 512 characters, or a whole number. An id that
   *   names nobody is answered `dropped`.
   * @param metadata The company's data: a JSON object of at most 1 MB. Dates become ISO 8601 strings.
   * @param companyDomain The company's domain, such as `example.com`.
   * @returns The receipt, at the latest after the option `timeout`. Never rejects: check `status`.
   */
  identifyCompany<T extends Metadata & Jsonable<T>>(
    companyId: string | number,
    metadata?: T | null,
    companyDomain?: string | null,
  ): Promise<Receipt>;
  /**
   * Returns the id of the visitor's company.
   *
   * @returns Undefined without a company, before `init`, and without consent.
   */
  getCompanyId(): string | undefined;
}

/** The record of the company's last update, and of the touch that was delivered with it. */
const RECORD = 'company';

/**
 * Makes the profile of a company, whose updates keep their order among themselves. Its control character is in no
 * user's id.
 */
const profileOf = (companyId: string) => `company:\0${companyId}`;

/** Data of a company, as a call gives it. */
interface CompanyFields {
  company_domain?: string | undefined;
  session_token?: string | undefined;
  metadata?: JsonObject | undefined;
}

/** Makes the visitor's company, which is sent the campaign that the visitor came by. */
function createCompanies(records: RecordStore, now: () => number, settings: Settings) {
  const sentUpdates = createSentUpdates(records, RECORD, now);
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
      const isDue = selected && records.load(RECORD)?.delivered !== selected.touch.at;
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
        records.save(RECORD, { ...records.load(RECORD), delivered: selected.touch.at });
      sentUpdates.markDelivered(body);
    },
  };
}

/** Gives companies a profile of their own, and the visitor a company. */
export const companies: Feature<Settings, Client & CompanyMethods & SessionMethods> = {
  create: ({ client, client: { reset }, page: { now }, running, whenReady, toReceipt, toMetadata }) => ({
    methods: {
      identifyCompany(companyId, metadata, companyDomain) {
        const at = now();
        return toReceipt(() => {
          const id = normalizeId(companyId);
          if (!id) throw dropped('invalid-company-id', `the company id ${NOBODYS}`);
          const session_token = client.getSession();
          const company_domain = normalizeId(companyDomain);
          const fields = {
            company_domain,
            session_token,
            metadata: toMetadata(metadata as UserMetadata, id, company_domain, session_token),
          };
          return ({ visitor, dispatcher, report, records, settings }) => {
            const before = visitor.identity();
            const company = createCompanies(records, now, settings);
            const entry = company.toCompanyUpdate(id, at, fields);
            const hasChanged = company.hasChanged(entry.body);
            const receipt: Receipt | Promise<Receipt> = hasChanged
              ? dispatcher.submit(entry)
              : { status: 'unchanged' };
            if (!hasChanged) report(`unchanged: update of ${entry.profile}`);
            if (before.companyId === id) return receipt;
            if (before.userId === undefined) records.save('id', { ...before, companyId: id });
            else
              void dispatcher.submit(
                visitor.toUserUpdate(before.userId, { company_id: id, session_token }, at),
              );
            return receipt;
          };
        });
      },
      reset() {
        forgetRecord(whenReady, RECORD);
        reset();
      },
      getCompanyId: () => running()?.visitor.identity().companyId,
    },
    onDelivered(entries, { records, settings }) {
      for (const { kind, body } of entries)
        if (kind === 'companies') createCompanies(records, now, settings).markDelivered(body);
    },
  }),
};
