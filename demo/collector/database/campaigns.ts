import type { Database } from './database.ts';

/** The number of people who came by a campaign, and of those identified since. */
export interface CampaignCount {
  /** `utm_source`, else the referring domain; null for those who came directly. */
  source: string | null;
  /** `utm_medium`; `referral` where the source is a referring domain. */
  medium: string | null;
  /** `utm_campaign`. */
  campaign: string | null;
  /** All profiles, the identified among them. */
  visitors: number;
  identified: number;
}

// A visitor who logged in is counted with the user, and a user of many devices once.
const COUNT = `
  select source, medium, campaign,
    count(*)::int as visitors, (count(*) filter (where kind = 'user'))::int as identified
  from (
    select kind,
      coalesce(campaign ->> 'utm_source', campaign ->> 'referring_domain') as source,
      case when campaign ->> 'utm_source' is null and campaign ->> 'referring_domain' is not null
        then coalesce(campaign ->> 'utm_medium', 'referral') else campaign ->> 'utm_medium' end as medium,
      campaign ->> 'utm_campaign' as campaign
    from profiles
    where merged_into is null and kind <> 'company' and ($1::text is null or application_id = $1)
  ) p
  group by source, medium, campaign
  order by visitors desc, identified desc, source nulls last, medium nulls last, campaign nulls last
  limit $2`;

/** Counts people by campaign, the largest campaign first. */
export async function countCampaigns(
  database: Database,
  applicationId: string | undefined,
  limit: number,
): Promise<CampaignCount[]> {
  const { rows } = await database.query<CampaignCount>(COUNT, [applicationId ?? null, limit]);
  return rows;
}
