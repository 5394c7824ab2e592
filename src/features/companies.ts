import type { Client } from '../client/client.ts';
import type { Feature } from '../client/feature.ts';
import { readCompanyCall } from '../identity/calls.ts';
import { COMPANY, createCompanyUpdates } from '../identity/company-update.ts';
import type { Settings } from '../options/options.ts';
import type { Jsonable } from '../shared/jsonable.ts';
import type { Receipt } from '../shared/types.ts';
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

/** Gives companies a profile of their own, and the visitor a company. */
export const companies: Feature<Settings, Client & CompanyMethods & SessionMethods> = {
  create: ({ client, client: { reset }, page: { now }, running, whenReady, toReceipt, toMetadata }) => ({
    methods: {
      identifyCompany(companyId, metadata, companyDomain) {
        const at = now();
        return toReceipt(() => {
          const session_token = client.getSession();
          const [id, fields] = readCompanyCall(companyId, metadata, companyDomain, session_token, toMetadata);
          return ({ visitor, dispatcher, report, records, settings }) => {
            const before = visitor.identity();
            const company = createCompanyUpdates(records, now, settings);
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
        forgetRecord(whenReady, COMPANY);
        reset();
      },
      getCompanyId: () => running()?.visitor.identity().companyId,
    },
    onDelivered(entries, { records, settings }) {
      for (const { kind, body } of entries)
        if (kind === 'companies') createCompanyUpdates(records, now, settings).markDelivered(body);
    },
  }),
};
