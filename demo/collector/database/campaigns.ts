import { channelOfProfile } from '../profiles/channel.ts';
import type { Database } from './database.ts';

/** The number of people who came by a campaign, and of those identified since. */
export interface CampaignCount {
  /** The channel that the profiles' metadata names, else that of the campaign. */
  channel: string;
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

interface Group extends Omit<CampaignCount, 'channel'> {
  /** What the channel depends on besides: a sample of the campaign, and the channel of the metadata. */
  fields: Record<string, string>;
  named: string | null;
}

// A visitor who logged in is counted with the user, and a user of many devices once. Of a referrer its host alone
// matters, and of a click id that there is one: so there are few groups.
const COUNT = `
  select source, medium, campaign, fields, named,
    count(*)::int as visitors, (count(*) filter (where kind = 'user'))::int as identified
  from (
    select kind,
      coalesce(campaign ->> 'utm_source', campaign ->> 'referring_domain') as source,
      case when campaign ->> 'utm_source' is null and campaign ->> 'referring_domain' is not null
        then coalesce(campaign ->> 'utm_medium', 'referral') else campaign ->> 'utm_medium' end as medium,
      campaign ->> 'utm_campaign' as campaign,
      jsonb_strip_nulls(jsonb_build_object(
        'utm_source', campaign ->> 'utm_source', 'utm_medium', campaign ->> 'utm_medium',
        'utm_campaign', campaign ->> 'utm_campaign',
        'referring_domain', case when campaign ->> 'utm_source' is null then campaign ->> 'referring_domain' end,
        'referrer', case when campaign ->> 'utm_source' is null and campaign ->> 'referring_domain' is null
          then campaign ->> 'referrer' end,
        'gclid', case when campaign ->> 'gclid' is not null then 'x' end)) as fields,
      case when jsonb_typeof(metadata -> 'channel') = 'string' then metadata ->> 'channel' end as named
    from profiles
    where merged_into is null and kind <> 'company' and ($1::text is null or application_id = $1)
  ) p
  group by source, medium, campaign, fields, named
  order by visitors desc, identified desc, source nulls last, medium nulls last, campaign nulls last`;

/** Counts people by channel and campaign, the largest first. */
export async function countCampaigns(
  database: Database,
  applicationId: string | undefined,
  limit: number,
): Promise<CampaignCount[]> {
  const { rows } = await database.query<Group>(COUNT, [applicationId ?? null]);
  const counts = new Map<string, CampaignCount>();
  for (const { fields, named, visitors, identified, source, medium, campaign } of rows) {
    const channel = channelOfProfile(fields, { channel: named });
    const key = JSON.stringify([channel, source, medium, campaign]);
    const before = counts.get(key) ?? { visitors: 0, identified: 0 };
    counts.set(key, {
      channel,
      source,
      medium,
      campaign,
      visitors: before.visitors + visitors,
      identified: before.identified + identified,
    });
  }
  const byNumber = (a: CampaignCount, b: CampaignCount) =>
    b.visitors - a.visitors || b.identified - a.identified;
  return [...counts.values()].sort(byNumber).slice(0, limit);
}
