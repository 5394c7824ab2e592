import type { Client } from '../../client/client.ts';
import type { Campaign } from '../../shared/types.ts';

/** What of the client is asked. Any client of utmost has it. */
export type CampaignClient = Pick<Client, 'getCampaign' | 'getTouches' | 'getAnonymousId'>;

/** A client, or a function that returns it once it is there. */
export type ClientSource = CampaignClient | (() => CampaignClient | undefined);

/** Names of the fields in your forms. */
export interface FieldNames {
  /** What the names of your fields begin with: `lead_` fills `lead_utm_source`. Default: nothing. */
  prefix?: string | undefined;
  /** Further names by value, such as `{ utm_source: 'input_5' }`. A value may have several. Default: none. */
  names?: Readonly<Record<string, string | readonly string[]>> | undefined;
}

/** What is known of the visitor: `event.detail` of `utmost:ready`. */
export interface Known {
  /** The campaign that the user is given. Undefined where there is none. */
  campaign: Campaign | undefined;
  anonymousId: string;
  /** All texts that a form can have, by the names of its fields: `utm_source`, `first_utm_source`, `anonymous_id` … */
  values: Readonly<Record<string, string>>;
}

/** Returns what is known. Undefined before `init`, before consent, and after a refusal. */
export function readKnown(source: ClientSource): Known | undefined {
  const client = typeof source === 'function' ? source() : source;
  const anonymousId = client?.getAnonymousId();
  // The loader snippet answers with a promise.
  if (!client || typeof anonymousId !== 'string') return undefined;
  const campaign = client.getCampaign();
  const { first, last = first } = client.getTouches() ?? {};
  const own = [first, last].find(
    touch =>
      campaign && Object.entries(campaign).every(([name, text]) => touch?.campaign[name as 'gclid'] === text),
  );
  // Without a prototype: a page's field may be called `constructor`.
  const values: Record<string, string> = Object.create(null);
  values.anonymous_id = anonymousId;
  // Any script can write the cookie that it comes from.
  for (const [prefix, touch] of Object.entries({ '': own, first_: first, last_: last }))
    for (const [name, text] of Object.entries({
      ...touch?.clickIds,
      ...touch?.campaign,
      landing_page: touch?.path,
    }))
      if (text && typeof text === 'string') values[prefix + name] = text;
  return { campaign, anonymousId, values };
}

/**
 * Returns the name of the value that a field asks for, by its name. Form builders put a name in brackets or behind a
 * slash: `form_fields[utm_source]`, `0-1/utm_source`. Empty where it can be none.
 */
export function toValueName(name: string, { prefix = '', names = {} }: FieldNames): string {
  const base = name.replace(/\]$/, '').replace(/.*[[/]/, '');
  return (
    Object.keys(names).find(each => [names[each]].flat().includes(name)) ??
    (base.startsWith(prefix) ? base.slice(prefix.length) : '')
  );
}
