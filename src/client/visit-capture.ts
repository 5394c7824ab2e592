import { onLeaving, onUrlChange } from '../browser/navigation.ts';
import type { Decision } from '../campaign/attribution.ts';
import { readParameters } from '../campaign/parameters.ts';
import { isWithin, readAddress } from '../campaign/referrer.ts';
import { MINUTE, type Visit } from '../campaign/rules.ts';
import type { Visitor } from '../identity/visitor.ts';
import { forgetDepartedHost, loadDepartedHost, saveDepartedHost } from '../storage/departed-host.ts';
import type { Context } from './dependencies.ts';

/** Decisions that `explain` tells. */
const KEPT_DECISIONS = 20;

/** What the capture of visits needs besides the context. */
interface VisitCapture {
  visitor: Visitor;
  /** Changes a visit before it is attributed. */
  toVisit?: ((visit: Visit) => Visit) | undefined;
  isDenied: () => boolean;
  /** A visit was attributed. */
  onVisit: (decision: Decision) => void;
  signal: AbortSignal;
}

/**
 * Records the page's visits: the landing, and later URLs of a single-page app that bring another campaign. Notes which
 * host the tab is sent to. Returns the list of the last decisions, oldest first.
 */
export function captureVisits(
  { page, records, settings, isMemoryOnly }: Context,
  landing: Visit,
  { visitor, toVisit = visit => visit, isDenied, onVisit, signal }: VisitCapture,
): Decision[] {
  const decisions: Decision[] = [];
  /** The campaign parameters of the latest visit that had any. */
  let lastCampaignKey = '';
  const recordVisit = (visit: Visit) => {
    const { decision, campaignKey } = visitor.recordVisit(visit);
    lastCampaignKey = campaignKey || lastCampaignKey;
    decisions.push(decision);
    decisions.splice(0, decisions.length - KEPT_DECISIONS);
    onVisit(decision);
  };
  // Not of a visit without a referrer, which it cannot explain: sessionStorage costs a view more than all cookies.
  const departedTo = landing.referrer
    ? loadDepartedHost(landing.at - settings.sessionTimeout * MINUTE)
    : undefined;
  recordVisit({ ...landing, departedTo });
  // An own address it was sent to has become a page view, or was none: either way it explains no later one.
  if (departedTo && isWithin(departedTo, records.site())) forgetDepartedHost();
  onLeaving(target => {
    const host = readAddress(target)?.fields.referring_domain;
    if (host && !isMemoryOnly) saveDepartedHost(host, page.now());
  }, signal);
  const checkUrl = () => {
    const { url, at } = toVisit({ url: page.url(), referrer: '', at: page.now() });
    const { campaignKey } = readParameters(url);
    // A router that keeps the query from view to view makes no new touch of it. The page before is one of the site; the
    // document's referrer does not count twice.
    if (campaignKey && campaignKey !== lastCampaignKey && !isDenied())
      recordVisit({ url, referrer: url, at });
  };
  onUrlChange(checkUrl, signal);
  // What has happened since the landing, while the visitor was asked for consent.
  checkUrl();
  return decisions;
}
