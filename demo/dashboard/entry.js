import { callItem } from './call.js';
import { CAMPAIGN_ORDER, element, fields, timeElement } from './format.js';
import { cut, label } from './text.js';

/** What pages add to the metadata of a visit by themselves. Whoever identifies a user says more. */
const ADDED = new Set(['attribution', 'click_ids', 'channel']);

/** Creates an entry of a timeline. Its badge says what happened: a visit, a log-in, an action … */
export function toItem(entry) {
  if (entry.type === 'call') return callItem(entry);
  const { time, anonymous_id, body } = entry;
  const { campaign = {}, metadata = {}, action_name: _, request, rejected = [], ...rest } = body;
  const kind = kindOf(entry);
  const about = [
    ['Campaign', campaign, CAMPAIGN_ORDER],
    ['Metadata', metadata, []],
    ['Also', rest, []],
    ['Where', request ? { uri: request.uri } : {}, []],
  ].filter(([, object]) => Object.keys(object).length > 0);
  const item = element(
    'li',
    'entry',
    element(
      'p',
      'moment',
      element('span', `badge ${kind.toLowerCase()}`, kind),
      element('strong', '', titleOf(kind, body)),
      ...(kind === 'Identified' && hasValues(campaign)
        ? [element('span', 'facts', campaignTitle(campaign))]
        : []),
      ...(rejected.length > 0 ? [element('span', 'badge failure', 'Left out in part')] : []),
      timeElement(time),
    ),
  );
  if (anonymous_id !== null) item.append(element('p', 'id', `as visitor ${cut(anonymous_id, 100)}`));
  for (const [title, object, order] of about)
    item.append(element('h4', '', title), element('dl', 'fields', ...fields(object, order)));
  if (rejected.length > 0)
    item.append(
      element('h4', '', 'Left out, as of another type than before'),
      element('dl', 'fields', ...fields(refusedOf(rejected))),
    );
  return item;
}

/**
 * Names what an entry is. An update that brings facts of a user identifies the user, also where it came by a campaign.
 * One that brings the company alone names the company. All others are visits.
 */
function kindOf({ type, anonymous_id, body }) {
  if (type === 'action') return 'Action';
  const { campaign = {}, metadata = {}, company_id } = body;
  const hasFacts = Object.keys(metadata).some(key => !ADDED.has(key));
  const hasCampaign = hasValues(campaign);
  if (anonymous_id !== null) return hasCampaign || !hasFacts ? 'Visit' : 'Details';
  if (hasFacts) return 'Identified';
  if (company_id !== undefined) return 'Company';
  return hasCampaign ? 'Visit' : 'Identified';
}

function titleOf(kind, { campaign = {}, metadata = {}, company_id, action_name }) {
  if (kind === 'Action') return label(action_name);
  if (kind === 'Company') return label(String(company_id));
  if (kind === 'Details') return 'A visitor told of themselves';
  if (kind === 'Identified') {
    const known = [metadata.name, metadata.email].find(value => typeof value === 'string' && value !== '');
    return known === undefined ? 'Logged in' : label(known);
  }
  return campaignTitle(campaign);
}

function campaignTitle(campaign) {
  const parts = [
    campaign.utm_source ?? campaign.referring_domain,
    campaign.utm_medium,
    campaign.utm_campaign,
  ].filter(Boolean);
  return parts.map(part => label(part)).join(' · ') || (campaign.gclid ? 'Click on an ad' : 'Direct');
}

const hasValues = campaign => Object.values(campaign).some(value => value !== null);

/** Says of each key that was left out what it should have been, and was. */
const refusedOf = rejected =>
  Object.fromEntries(rejected.map(({ path, expected, got }) => [path, `${got} instead of ${expected}`]));
