import { type Decision, simulateVisits, type WireCampaign } from '../campaign/simulate.ts';
import { findFaults, tagsOf } from './faults.ts';
import { findLosses } from './losses.ts';
import { isLink, type Link } from './read-csv.ts';
import { type Fetch, type RedirectOptions, traceRedirects } from './redirects.ts';
import { findMixedSpellings } from './spellings.ts';
import type { AllowList, Fault, Finding, Hop, Trace } from './types.ts';

export interface CheckOptions extends RedirectOptions {
  /** The values that parameters may have. Default: any. */
  allow?: AllowList | undefined;
  /** Opens an address. Without it nothing is opened, and the link itself is judged. */
  fetch?: Fetch | undefined;
}

/** What a new visitor who opens the link is credited to. */
export interface Credit extends Pick<Decision, 'rule' | 'reason'> {
  campaign: WireCampaign;
  /** Click ids besides gclid, and `utm_id`. */
  clickIds: Record<string, string>;
}

export interface CheckedLink extends Link {
  hops: Hop[];
  /** Absent where the way ends before a page. */
  credit?: Credit;
  faults: Fault[];
}

/** Links that are opened at once. */
const PARALLEL = 6;

/** Why a way ends where no page is. */
const NO_PAGE = ['loop', 'too-many-redirects', 'timeout', 'unreachable', 'other-scheme', 'http-error'];

/** Checks links, each by itself and all against each other. An address that is there twice is opened once. */
export async function checkLinks(links: readonly Link[], options: CheckOptions = {}): Promise<CheckedLink[]> {
  const urls = [...new Set(links.map(({ url }) => url))];
  const traces = new Map<string, Trace>();
  const work = async () => {
    for (let url = urls.pop(); url !== undefined; url = urls.pop())
      traces.set(url, await trace(url, options));
  };
  await Promise.all(Array.from({ length: PARALLEL }, work));
  const checked = links.map(link => judge(link, traces.get(link.url) as Trace, options));
  // A short link has its tags further on.
  const tagged = checked.map(
    ({ url, hops }) => hops.find(hop => Object.keys(tagsOf(hop.url))[0])?.url ?? url,
  );
  const mixed = findMixedSpellings(tagged);
  return checked.map((link, index) => ({ ...link, faults: [...link.faults, ...(mixed[index] ?? [])] }));
}

async function trace(url: string, { fetch, ...options }: CheckOptions): Promise<Trace> {
  if (!isLink(url)) return { hops: [{ url }], findings: [invalid(url)] };
  return fetch ? traceRedirects(fetch, url, options) : { hops: [{ url }], findings: [] };
}

const invalid = (url: string): Finding => ({
  code: 'invalid-url',
  level: 'fault',
  message: `${url} is no address of a page; it has to begin with https:// and a host.`,
});

/** Gathers what is wrong with one link. A fault that its redirects carry on is told at the first address alone. */
function judge(link: Link, { hops, findings }: Trace, { allow }: CheckOptions): CheckedLink {
  const end = hops.length - 1;
  const faults: Fault[] = hops.flatMap(({ url }, hop) =>
    findFaults(url, { allow }).map(each => ({ ...each, hop })),
  );
  faults.push(...findLosses(hops), ...findings.map(each => ({ ...each, hop: end })));
  const isWithoutPage = findings.some(({ code }) => NO_PAGE.includes(code) || code === 'invalid-url');
  const credit = isWithoutPage ? undefined : creditOf(hops[end]?.url ?? link.url);
  if (credit && !Object.keys({ ...credit.campaign, ...credit.clickIds })[0])
    faults.push({
      code: 'no-campaign',
      level: 'fault',
      hop: end,
      message: 'The page gets no tag and no click id: the visit counts as direct or by its referrer.',
    });
  const isFirst = (fault: Fault, index: number) =>
    faults.findIndex(each => each.code === fault.code && each.key === fault.key) === index;
  return { ...link, hops, ...(credit && { credit }), faults: faults.filter(isFirst) };
}

/** Runs the page's rules on a first visit without a referrer. */
function creditOf(url: string): Credit {
  const { campaign = {}, last, decisions } = simulateVisits([{ url }], { includeAttribution: true });
  const { rule = 'direct', reason = '' } = decisions[0] ?? {};
  return { rule, reason, campaign, clickIds: last?.clickIds ?? {} };
}
