import { digestOf } from './records.ts';
import { DATES, type DateName, type SortName, sortOf } from './sorts.ts';

/** Which profiles: all that meet every condition, of one application or, without an id, of all. */
export interface ProfileFilter {
  applicationId?: string | undefined;
  userId?: string | undefined;
  anonymousId?: string | undefined;
  companyId?: string | undefined;
  sessionToken?: string | undefined;
  /** `user` for the identified only, `anonymous` for the others. */
  kind?: string | undefined;
  channel?: string | undefined;
  /** Fields of the campaign, each with exactly this value. */
  campaign?: Record<string, string> | undefined;
  /** Words that must all occur in the profile. */
  text?: string | undefined;
  /** From the first day to the last, both of UTC such as `2026-01-31`, of one of their times. */
  days?: { of: DateName; from?: string | undefined; to?: string | undefined } | undefined;
  /** The order of the list, which leaves those out who have nothing to be ordered by. Default: the last seen. */
  sort?: SortName | undefined;
}

/** Adds a parameter to a statement, and returns its name in it. */
export type Parameter = (value: unknown) => string;

/** SQL of the rows that are people of their own: a visitor who has logged in is part of the user. */
export const IS_PERSON = `merged_into is null and kind <> 'company'`;

/**
 * SQL that stands for a text in an index. A key of an index holds 2704 bytes, and a text may have more. Two texts with
 * one digest are found as one.
 */
export const indexed = (text: string) => `md5(${text})`;

/** SQL of the applications to look in, as a table with their `application_id`. */
export function applicationsOf({ applicationId }: ProfileFilter, $: Parameter): string {
  // Of a table that nobody has analyzed the planner expects a thousand rows. It then compiles the statement, for seconds.
  return applicationId === undefined
    ? '(select unnest(array(select application_id from applications)) as application_id)'
    : `(select ${$(applicationId)}::text as application_id)`;
}

/**
 * Returns the part of a word that the index is asked for; all of the word is looked for in what it finds. What very many
 * have in common takes long to read in an index of trigrams: the host of e-mails, and the letters before an id's digits.
 * Fewer digits than five may be a year, which many have as well.
 */
function rarePartOf(word: string): string {
  const [name = ''] = word.split('@');
  const part = name.length >= 3 ? name : word;
  const [, digits] = /^\D*\p{L}\D*(\d{5,})$/u.exec(part) ?? [];
  return digits ?? part;
}

/** SQL of the condition on a profile `p` of an application `q`. */
export function conditionOf(filter: ProfileFilter, $: Parameter): string {
  const {
    userId,
    anonymousId,
    companyId,
    sessionToken,
    kind,
    channel,
    campaign = {},
    text,
    days,
    sort,
  } = filter;
  const all = ['p.application_id = q.application_id', 'p.merged_into is null', `p.kind <> 'company'`];
  const equals = (column: string, value: string) =>
    all.push(`${indexed(column)} = ${indexed(`${$(value)}::text`)}`);
  if (userId !== undefined) all.push(`p.kind = 'user' and p.id = ${$(userId)}`);
  if (kind !== undefined) all.push(`p.kind = ${$(kind)}`);
  if (companyId !== undefined) equals('p.company_id', companyId);
  if (channel !== undefined) equals('p.channel', channel);
  if (anonymousId !== undefined) all.push(ownerOf('anonymous', `(select ${$(anonymousId)}::text as id) o`));
  if (sessionToken !== undefined) {
    // Brought by several, it leads to the one who brought it last.
    const latest = `(select a.profile_kind as kind, a.profile_id as id from aliases a
      where a.application_id = q.application_id and a.name = 'session_token'
        and a.digest = ${$(digestOf(sessionToken))} and a.profile_kind <> 'company'
      order by a.seen_time desc, a.profile_kind desc, a.profile_id limit 1) o`;
    all.push(ownerOf('o.kind', latest));
  }
  const { isPresent } = sortOf(sort);
  if (isPresent) all.push(isPresent);
  if (days) {
    const column = `p.${DATES[days.of]}`;
    // A moment and no date: an index has moments.
    if (days.from !== undefined) all.push(`${column} >= ${$(`${days.from}T00:00:00Z`)}::timestamptz`);
    if (days.to !== undefined)
      all.push(`${column} < ${$(`${days.to}T00:00:00Z`)}::timestamptz + interval '24 hours'`);
  }
  for (const [field, value] of Object.entries(campaign)) equals(`(p.campaign ->> '${field}')`, value);
  for (const word of text?.toLowerCase().split(/\s+/).filter(Boolean) ?? []) {
    const part = rarePartOf(word);
    all.push(`p.search_text like ${$(`%${part.replace(/[\\%_]/g, '\\$&')}%`)}`);
    if (part !== word) all.push(`strpos(p.search_text, ${$(word)}) > 0`);
  }
  return all.join(' and ');
}

/**
 * Returns the condition that a profile is an owner's, or that of the user whom the owner, a visitor, has
 * become.
 */
function ownerOf(kind: string, owner: string): string {
  const kindSql = kind === 'anonymous' ? `'anonymous'` : kind;
  return `(p.kind, p.id) in (
    select case when v.merged_into is null then ${kindSql} else 'user' end, coalesce(v.merged_into, o.id)
    from ${owner} left join profiles v
      on v.application_id = q.application_id and v.kind = ${kindSql} and v.id = o.id)`;
}
