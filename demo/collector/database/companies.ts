import type { JsonObject } from '../json.ts';
import type { Database } from './database.ts';
import type { Campaign } from './profiles.ts';

/** A company as the query routes return it. */
export interface Company {
  application_id: string;
  company_id: string;
  company_domain: string | null;
  session_tokens: string[];
  campaign: Campaign;
  metadata: JsonObject;
  ip_address: string | null;
  user_agent_string: string | null;
  created_time: string;
  modified_time: string;
}

interface CompanyRow extends Omit<Company, 'created_time' | 'modified_time'> {
  created_time: Date;
  modified_time: Date;
}

/** Reads the company of this id in one application. Without an application, it is the first that has one. */
export async function readCompany(
  database: Database,
  companyId: string,
  applicationId?: string,
): Promise<Company | undefined> {
  const { rows } = await database.read<CompanyRow>(
    `select p.application_id, p.id as company_id, p.company_domain,
       array(
         select a.value from aliases a
         where a.application_id = p.application_id and a.profile_kind = p.kind and a.profile_id = p.id
         order by a.created_time, a.value) as session_tokens,
       p.campaign, p.metadata, p.ip_address, p.user_agent_string, p.created_time, p.modified_time
     from profiles p
     where p.application_id in (${applicationId === undefined ? 'select application_id from applications' : '$2'})
       and p.kind = 'company' and p.id = $1
     order by p.application_id limit 1`,
    applicationId === undefined ? [companyId] : [companyId, applicationId],
  );
  const [row] = rows;
  return (
    row && {
      ...row,
      created_time: row.created_time.toISOString(),
      modified_time: row.modified_time.toISOString(),
    }
  );
}
